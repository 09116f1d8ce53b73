"""Memory that is no longer used goes back to the machine.

glibc learns from each large block that is freed to keep blocks of that size for later, in heaps
that then have holes: behind a dozen mails of 25 MB a process held four times what it needed.
"""

from __future__ import annotations

import ctypes

# mallopt(3) and malloc.h: from which size on blocks are mapped by themselves, how much may stay
# free at the end of a heap, and how many heaps the threads have among them.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
BLOCK_BYTES = 256 * 1024
HEAPS = 2


def give_memory_back() -> bool:
    """Tell the allocator once, at the start of a process; False where it is not glibc's."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    wanted = {M_MMAP_THRESHOLD: BLOCK_BYTES, M_TRIM_THRESHOLD: BLOCK_BYTES, M_ARENA_MAX: HEAPS}
    return all([mallopt(name, value) for name, value in wanted.items()])
