"""The memory that one run may take, so that it fails alone instead of the whole machine."""
from __future__ import annotations

import resource


class MemoryLimit:
    """Counts from what the process had when it was ready: QGIS itself is not the job's."""

    def __init__(self) -> None:
        self._base = _data_bytes()

    def apply(self, megabytes: int | None) -> None:
        """Sets the limit for this process and for the tools that it starts; None or 0: none.

        The soft limit only, since a later run may have another one; the kernel enforces it just the same."""
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        limit = resource.RLIM_INFINITY if not megabytes else self._base + megabytes * 1024 * 1024
        if hard != resource.RLIM_INFINITY:
            limit = hard if limit == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))


def is_out_of_memory(message: str) -> bool:
    """GEOS, GDAL and their tools say it in their own words."""
    lower = message.lower()
    return any(sign in lower for sign in ('bad_alloc', 'out of memory', 'cannot allocate', 'not enough memory', 'memoryerror'))


def _data_bytes() -> int:
    with open('/proc/self/status', encoding='ascii', errors='replace') as status:
        for line in status:
            if line.startswith('VmData:'):
                return int(line.split()[1]) * 1024
    return 0
