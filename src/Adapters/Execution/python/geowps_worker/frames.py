"""Frames of the worker protocol: a length of four bytes (big-endian) and so many bytes of UTF-8 JSON."""
from __future__ import annotations

import json
import socket
import struct
import threading
from typing import Any

MAX_FRAME = 64 * 1024 * 1024
"""Bytes. What can be larger is a file in the job's folder."""

Frame = dict[str, Any]


class BadFrame(Exception):
    """The other side does not speak this protocol; the connection is of no more use."""


def encode(frame: Frame) -> bytes:
    """Length and body in one piece, so that one send suffices."""
    # surrogates (file names in other encodings) can not be UTF-8
    body = json.dumps(frame, ensure_ascii=False, separators=(',', ':'), allow_nan=False).encode('utf-8', 'replace')
    if len(body) > MAX_FRAME:
        raise BadFrame(f'a frame of {len(body)} bytes is too large')
    return struct.pack('>I', len(body)) + body


class Connection:
    """One end of a stream socket. Any thread may send; one thread receives."""

    def __init__(self, stream: socket.socket) -> None:
        self._stream = stream
        self._sending = threading.Lock()

    @classmethod
    def connect(cls, path: str) -> Connection:
        stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        stream.connect(path)
        return cls(stream)

    def fileno(self) -> int:
        return self._stream.fileno()

    def send(self, frame: Frame) -> None:
        data = encode(frame)
        with self._sending:
            self._stream.sendall(data)

    def receive(self) -> Frame | None:
        """The next frame; None at the end of the stream, also in the middle of a frame."""
        try:
            head = self._exactly(4)
            if head is None:
                return None
            length = struct.unpack('>I', head)[0]
            if length > MAX_FRAME:
                raise BadFrame(f'a frame of {length} bytes is announced')
            body = self._exactly(length)
        except ConnectionError:
            return None
        if body is None:
            return None
        try:
            frame = json.loads(body)
        except ValueError as error:
            raise BadFrame(f'not JSON: {error}') from None
        if not isinstance(frame, dict) or not isinstance(frame.get('op'), str):
            raise BadFrame('not an object with "op"')
        return frame

    def close(self) -> None:
        try:
            self._stream.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._stream.close()

    def release(self) -> None:
        """Closes this process's descriptor only: the stream goes on in the process that forked us."""
        self._stream.close()

    def _exactly(self, count: int) -> bytes | None:
        parts = bytearray()
        while len(parts) < count:
            part = self._stream.recv(min(count - len(parts), 1 << 20))
            if not part:
                return None
            parts += part
        return bytes(parts)
