"""A TIFF that is cut off: GDAL opens it, and what is missing comes out as nothing."""
from __future__ import annotations

import os
import struct
from typing import BinaryIO

_SIZES = {1: 1, 3: 2, 4: 4, 13: 4, 16: 8, 18: 8}
_CODES = {1: 'B', 3: 'H', 4: 'I', 13: 'I', 16: 'Q', 18: 'Q'}
_PARTS = ((273, 279), (324, 325))
"""Where strips lie and how long they are; the same for tiles."""
_MOST_DIRECTORIES = 100


def mistake(path: str) -> str | None:
    """Says so when a strip or tile reaches beyond the end of the file; None when all is there, or it is no TIFF."""
    size = os.path.getsize(path)
    with open(path, 'rb') as file:
        try:
            is_whole = _is_whole(file, size)
        except (struct.error, KeyError, OverflowError, ValueError):
            is_whole = False
    return None if is_whole else 'the file ends before its data'


def _is_whole(file: BinaryIO, size: int) -> bool:
    head = file.read(16)
    order = {b'II': '<', b'MM': '>'}.get(head[:2])
    if order is None:
        return True
    is_big = struct.unpack_from(order + 'H', head, 2)[0] == 43
    at = struct.unpack_from(order + ('Q' if is_big else 'I'), head, 8 if is_big else 4)[0]
    for _ in range(_MOST_DIRECTORIES):
        if at == 0:
            return True
        if at >= size:
            return False
        tags, at = _directory(file, order, is_big, at)
        for starts, lengths in _PARTS:
            if starts in tags and lengths in tags:
                ends = zip(_values(file, order, tags[starts]), _values(file, order, tags[lengths]))
                if any(start + length > size for start, length in ends if length):
                    return False
    return True


def _directory(file: BinaryIO, order: str, is_big: bool, at: int) -> tuple[dict[int, tuple[int, int, int]], int]:
    """Of each tag that matters: the type and number of its values, and where they stand; and where the next directory is."""
    file.seek(at)
    width, entry = (8, 20) if is_big else (2, 12)
    count = struct.unpack(order + ('Q' if is_big else 'H'), file.read(width))[0]
    if count > 4096:
        raise ValueError('too many tags')
    body = file.read(count * entry)
    offset = 'Q' if is_big else 'I'
    next_at = struct.unpack(order + offset, file.read(struct.calcsize(offset)))[0]
    wanted = {tag for pair in _PARTS for tag in pair}
    tags = {}
    for i in range(count):
        tag, kind, number = struct.unpack_from(order + 'HH' + offset, body, i * entry)
        if tag in wanted:
            inside = 4 + struct.calcsize(offset)
            fits = number * _SIZES[kind] <= struct.calcsize(offset)
            start = at + width + i * entry + inside if fits else struct.unpack_from(order + offset, body, i * entry + inside)[0]
            tags[tag] = (kind, number, start)
    return tags, next_at


def _values(file: BinaryIO, order: str, tag: tuple[int, int, int]) -> tuple[int, ...]:
    kind, number, start = tag
    file.seek(start)
    return struct.unpack(f'{order}{number}{_CODES[kind]}', file.read(number * _SIZES[kind]))
