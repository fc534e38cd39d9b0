"""From the bytes of an MCAP file to its contents: every checksum compared, every record in place.

The layout is that of https://mcap.dev/spec, restricted to what this package writes: metadata,
then chunks compressed with zstd, each followed by its message indexes, then metadata about them,
then the end.
"""

from __future__ import annotations

import io
import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import zstandard
from mcap.data_stream import ReadDataStream
from mcap.exceptions import McapError
from mcap.opcode import Opcode
from mcap.records import Channel, ChunkIndex, Metadata, MetadataIndex

MAGIC = b"\x89MCAP0\r\n"
PREFIX = struct.Struct("<BQ")  # opcode and length of every record
FOOTER = struct.Struct("<BQQQI")  # prefix, start of the summary, of its offsets, CRC-32
MESSAGE_HEAD_SIZE = 31  # of a message's record, before what the message says
_MESSAGE_HEAD = struct.Struct("<BQH")  # prefix and channel
_CHUNK_HEAD = struct.Struct("<QQQI4x4sQ")  # first and last time, size, CRC-32, "zstd", its size
_ZSTD = b"\x04\0\0\0zstd"
_ZSTD_AT = PREFIX.size + 28  # its place in the record of a chunk

_DAMAGE = (  # what a wrong length, offset or name makes a parser raise
    McapError,
    zstandard.ZstdError,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    LookupError,
    MemoryError,
)


class _DamageError(ValueError):
    """A fault that no new end can mend."""


@dataclass(eq=False)
class Contents:
    """What was found up to the first fault; all of it passed its checks.

    Attributes:
        messages: by channel, the message records one behind the other.
        lengths: by channel, how many message records there are of each length.
        runs: channels, and how many messages each has before the next one's, in the file's order.
        declarations: the schema and channel records as they stand in the file, without repeats.
        epilogue: by name, the records of metadata behind the chunks.
        kept: the bytes up to here are whole; a new end, epilogue included, may be written there.
        unfinished: bytes behind the last whole record that belong to no index.
        fault: what is wrong with the file; empty for a whole one.
        repairable: nothing but the end is missing or damaged.
    """

    metadata: dict[str, dict[str, str]] = field(default_factory=dict)
    metadata_indexes: list[MetadataIndex] = field(default_factory=list)
    topics: dict[int, str] = field(default_factory=dict)
    declarations: dict[bytes, None] = field(default_factory=dict)
    messages: defaultdict[int, bytearray] = field(default_factory=lambda: defaultdict(bytearray))
    lengths: defaultdict[int, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    runs: list[tuple[int, int]] = field(default_factory=list)
    chunks: list[ChunkIndex] = field(default_factory=list)
    epilogue: dict[str, bytes] = field(default_factory=dict)
    last_chunk: bytes = b""
    kept: int = 0
    unfinished: int = 0
    fault: str = ""
    repairable: bool = False

    def count(self, topic: str) -> int:
        """How many messages a topic has."""
        channels = [channel for channel, name in self.topics.items() if name == topic]
        return sum(self.lengths[channel].total() for channel in channels)


def scan(content: bytes) -> Contents:
    """Everything in a file up to its first fault."""
    found = Contents()
    stop, data_is_whole = 0, False
    try:
        for opcode, start, end in _data_records(content):
            stop = start
            _take(found, content, opcode, start, end)
            stop, data_is_whole = end, opcode == Opcode.DATA_END
        found.fault = end_fault(content[stop:], stop)
    except _DamageError as error:
        found.fault = str(error)
        return found
    except _DAMAGE as error:
        found.fault = str(error) or f"the record at byte {stop} is too short"
    has_end = content[len(MAGIC) :].endswith(MAGIC)
    found.repairable = bool(found.fault) and (
        data_is_whole or not (has_end or _chunk_in(content, stop))
    )
    found.unfinished = 0 if data_is_whole else len(content) - stop
    return found


def end_fault(end: bytes, at: int) -> str:
    """What is wrong with all that stands behind the data, at byte `at`; empty if nothing is."""
    if not end.endswith(MAGIC) or len(end) < FOOTER.size + len(MAGIC):
        return "it ends without an index"
    footer_at = len(end) - len(MAGIC) - FOOTER.size
    opcode, length, summary_start, _, crc = FOOTER.unpack_from(end, footer_at)
    if (opcode, length) != (Opcode.FOOTER, FOOTER.size - PREFIX.size):
        return "its end is damaged"
    if summary_start == 0:
        return "" if footer_at == 0 else "its end is damaged"
    wrong = summary_start != at or (crc and zlib.crc32(end[: -len(MAGIC) - 4]) != crc)
    return "its index is damaged" if wrong else ""


def split(data: bytes | bytearray, position: int = 0) -> Iterator[tuple[int, int, int]]:
    """Opcode, start and end of each record in a row of whole ones."""
    while position < len(data):
        if position + PREFIX.size > len(data):
            raise EOFError(f"a record at byte {position} is cut off")
        opcode, length = PREFIX.unpack_from(data, position)
        end = position + PREFIX.size + length
        if end > len(data):
            raise EOFError(f"a record at byte {position} is cut off")
        yield opcode, position, end
        position = end


def _data_records(content: bytes) -> Iterator[tuple[int, int, int]]:
    """The records up to the end of the data."""
    if not content.startswith(MAGIC):
        if MAGIC.startswith(content):
            raise EOFError("it ends inside its first bytes")
        raise _DamageError("it does not begin as MCAP files do")
    for opcode, start, end in split(content, len(MAGIC)):
        yield opcode, start, end
        if opcode == Opcode.DATA_END:
            return


def _take(found: Contents, content: bytes, opcode: int, start: int, end: int) -> None:
    body = memoryview(content)[start + PREFIX.size : end]
    if opcode == Opcode.CHUNK and not found.epilogue:
        index, found.last_chunk = _open_chunk(body, start)
        _take_messages(found, found.last_chunk)
        found.chunks.append(index)
        found.kept = end
    elif opcode == Opcode.MESSAGE_INDEX and found.chunks and not found.epilogue:
        channel, length = struct.unpack_from("<HI", body)
        if length != len(body) - 6:
            raise ValueError(f"the index at byte {start} is damaged")
        found.chunks[-1].message_index_offsets[channel] = start
        found.chunks[-1].message_index_length += end - start
    elif opcode == Opcode.METADATA:
        record = Metadata.read(ReadDataStream(io.BytesIO(body)))
        found.metadata[record.name] = record.metadata
        if found.chunks:
            found.epilogue[record.name] = content[start:end]
        else:
            found.metadata_indexes.append(MetadataIndex(start, end - start, record.name))
            found.kept = end
    elif opcode == Opcode.DATA_END:
        (crc,) = struct.unpack("<I", body)
        if crc not in {0, zlib.crc32(memoryview(content)[:start])}:
            raise _DamageError("the data's checksum is wrong")
    elif opcode != Opcode.HEADER or start != len(MAGIC):
        raise ValueError(f"unexpected record at byte {start}")


def _open_chunk(body: memoryview, start: int) -> tuple[ChunkIndex, bytes]:
    """A chunk as an index names it, and what is in it."""
    first, last, size, crc, compression, compressed_size = _CHUNK_HEAD.unpack_from(body)
    packed = body[_CHUNK_HEAD.size :]
    if compression != b"zstd" or compressed_size != len(packed):
        raise ValueError(f"the chunk at byte {start} is damaged")
    data = zstandard.decompress(packed, max_output_size=size)
    if len(data) != size or zlib.crc32(data) != crc:
        raise ValueError(f"the checksum of the chunk at byte {start} is wrong")
    index = ChunkIndex(
        message_start_time=first,
        message_end_time=last,
        chunk_start_offset=start,
        chunk_length=PREFIX.size + len(body),
        message_index_offsets={},
        message_index_length=0,
        compression="zstd",
        compressed_size=compressed_size,
        uncompressed_size=size,
    )
    return index, data


def _take_messages(found: Contents, data: bytes) -> None:
    """Messages of one channel and length that stand in a row are taken at once."""
    position = 0
    while position < len(data):
        head = data[position : position + _MESSAGE_HEAD.size]
        opcode, length, channel = _MESSAGE_HEAD.unpack(head)
        size = PREFIX.size + length
        end = position + size
        while opcode == Opcode.MESSAGE and data.startswith(head, end):
            end += size
        if end > len(data):
            raise EOFError("a record goes beyond its chunk")
        if opcode == Opcode.MESSAGE:
            count = (end - position) // size
            found.messages[channel] += data[position:end]
            found.lengths[channel][size] += count
            found.runs.append((channel, count))
        else:
            found.declarations[data[position:end]] = None
        if opcode == Opcode.CHANNEL:
            body = io.BytesIO(data[position + PREFIX.size : end])
            declared = Channel.read(ReadDataStream(body))
            found.topics[declared.id] = declared.topic
        position = end


def _chunk_in(content: bytes, position: int) -> bool:
    """Whether a whole chunk begins anywhere behind `position`: then the fault is no missing end."""
    at = content.find(_ZSTD, position + _ZSTD_AT)
    while at >= 0:
        try:
            _, start, end = next(split(content, at - _ZSTD_AT))
            _open_chunk(memoryview(content)[start + PREFIX.size : end], start)
        except _DAMAGE:
            at = content.find(_ZSTD, at + 1)
        else:
            return True
    return False
