"""Texts for callers: without paths of the server and without Python's tracebacks."""
from __future__ import annotations

import os
import re

_TRACEBACK = 'Traceback (most recent call last)'
# Two or more names after slashes that do not follow a word, a scheme or a tag: "/usr/lib/x", not "km/h" or "http://x/y".
_ABSOLUTE = re.compile(r'(?<![\w/:.<@])/(?:[^\s/\'"|:;,<>()\[\]]+/)+([^\s/\'"|:;,<>()\[\]]*)')


class Sanitiser:
    """Knows the folders of this process and of one job."""

    def __init__(self, *folders: str) -> None:
        known = {f.rstrip('/') for f in folders if f and f != '/'}
        known |= {os.path.realpath(f) for f in known}
        alternatives = '|'.join(re.escape(f) for f in sorted(known, key=len, reverse=True))
        self._ours = re.compile(rf'(?:{alternatives})(?:/(?:[^\s/\'"|<>]+/)*|(?![\w-]))') if alternatives else None

    def __call__(self, text: str) -> str:
        if _TRACEBACK in text:
            text = _without_traceback(text)
        if '/' not in text:
            return text
        if self._ours:
            text = self._ours.sub('', text)
        return _ABSOLUTE.sub(r'\1', text)


def _without_traceback(text: str) -> str:
    """What stands before it, and its last line: the exception's own words."""
    before, _, trace = text.partition(_TRACEBACK)
    lines = [line for line in trace.splitlines() if line.strip()]
    last = lines[-1].strip() if lines else ''
    last = re.sub(r'^(?:[\w.]*\.)?(?:QgsProcessingException|Exception|RuntimeError): ', '', last)
    return '\n'.join(part for part in (before.strip(), last) if part)
