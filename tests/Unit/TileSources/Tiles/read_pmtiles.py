"""Reads a PMTiles 3 archive whole, straight from the specification, and prints every tile: zoom, x, y and the SHA-256 of its content as stored."""

import gzip
import hashlib
import json
import struct
import sys


def varints(data):
    at = 0

    def following():
        nonlocal at
        number = shift = 0
        while True:
            byte = data[at]
            at += 1
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
            shift += 7

    return following


def directory(data):
    following = varints(gzip.decompress(data))
    count = following()
    ids, last = [], 0
    for _ in range(count):
        last += following()
        ids.append(last)
    runs = [following() for _ in range(count)]
    lengths = [following() for _ in range(count)]
    offsets = []
    for i in range(count):
        value = following()
        offsets.append(offsets[-1] + lengths[i - 1] if value == 0 and i > 0 else value - 1)
    return list(zip(ids, runs, lengths, offsets))


def place(tile_id):
    """The inverse of the numbering: from a distance along the Hilbert curve to column and row."""
    zoom, before = 0, 0
    while before + 4**zoom <= tile_id:
        before += 4**zoom
        zoom += 1
    distance, x, y, side = tile_id - before, 0, 0, 1
    while side < 2**zoom:
        right = 1 & (distance // 2)
        low = 1 & (distance ^ right)
        if low == 0:
            if right == 1:
                x, y = side - 1 - x, side - 1 - y
            x, y = y, x
        x, y = x + side * right, y + side * low
        distance //= 4
        side *= 2
    return zoom, x, y


def main(path):
    with open(path, "rb") as source:
        content = source.read()
    assert content[:7] == b"PMTiles" and content[7] == 3
    numbers = struct.unpack_from("<11Q", content, 8)
    root_at, root_length, meta_at, meta_length, leaf_at, leaf_length, tiles_at, tiles_length, addressed, entries, contents = numbers
    clustered, internal, packing, kind, min_zoom, max_zoom = content[96:102]
    assert root_at + root_length <= 16384 and clustered == 1 and internal == 2
    assert tiles_at + tiles_length <= len(content) and leaf_at + leaf_length <= len(content)
    metadata = json.loads(gzip.decompress(content[meta_at : meta_at + meta_length]))
    root = directory(content[root_at : root_at + root_length])
    found, leaves = [], 0
    for tile_id, run, length, offset in root:
        if run == 0:
            leaves += 1
            assert offset + length <= leaf_length
            leaf = directory(content[leaf_at + offset : leaf_at + offset + length])
            assert leaf[0][0] == tile_id
            found += leaf
        else:
            found.append((tile_id, run, length, offset))
    assert [entry[0] for entry in found] == sorted({entry[0] for entry in found})
    assert len(found) == entries and sum(entry[1] for entry in found) == addressed
    assert len({(entry[3], entry[2]) for entry in found}) == contents
    # Clustered: each content is where the ones before it end, or was there before.
    end = 0
    for _, _, length, offset in found:
        assert offset <= end
        end = max(end, offset + length)
    assert end == tiles_length
    print(json.dumps({"kind": kind, "packing": packing, "zooms": [min_zoom, max_zoom], "leaves": leaves, "bounds": struct.unpack_from("<4i", content, 102), "metadata": metadata}))
    for tile_id, run, length, offset in found:
        digest = hashlib.sha256(content[tiles_at + offset : tiles_at + offset + length]).hexdigest()
        for number in range(run):
            zoom, x, y = place(tile_id + number)
            print(zoom, x, y, digest)


main(sys.argv[1])
