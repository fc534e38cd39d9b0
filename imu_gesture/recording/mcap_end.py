"""The end of an MCAP file, made anew from what stands before it."""

from __future__ import annotations

import struct
import zlib
from collections import defaultdict
from contextlib import suppress
from pathlib import Path

from mcap.data_stream import RecordBuilder
from mcap.opcode import Opcode
from mcap.records import (
    DataEnd,
    Footer,
    McapRecord,
    MessageIndex,
    Metadata,
    MetadataIndex,
    Statistics,
    SummaryOffset,
)

from imu_gesture.recording.durable import sync
from imu_gesture.recording.mcap_scan import FOOTER, MAGIC, PREFIX, Contents, scan, split

_MESSAGE_HEAD = struct.Struct("<HIQ")  # channel, sequence, log time


def end_in_place(path: Path) -> Contents | None:
    """Give a file that fills its disk an end, if need be one that costs an index or a chunk.

    Metadata behind the chunks makes way at once.

    Returns: what is left in the file, or None where not even that could be written; the file
    then ends as after a crash.
    """
    with suppress(OSError):
        content = path.read_bytes()
        found = scan(content)
        found.epilogue.clear()
        shorter = scan(content[: found.chunks[-1].chunk_start_offset]) if found.chunks else found
        for kept, make_end in ((found, indexed_end), (found, short_end), (shorter, short_end)):
            with suppress(OSError), path.open("r+b") as stream:
                stream.truncate(kept.kept)
                stream.seek(kept.kept)
                stream.write(make_end(content, kept))
                sync(stream)
                return kept
    return None


def add_epilogue(found: Contents, name: str, metadata: dict[str, str]) -> None:
    """Have `indexed_end` write metadata behind the chunks."""
    found.epilogue[name] = _written(Metadata(name, metadata))


def short_end(content: bytes, found: Contents) -> bytes:
    """The fewest bytes that make `content[:found.kept]` a whole file, without an index."""
    return _data_end(zlib.crc32(memoryview(content)[: found.kept])) + _footer(0, 0, b"")


def indexed_end(content: bytes, found: Contents) -> bytes:
    """What makes `content[:found.kept]` a whole file with an index, and with its epilogue."""
    rest = _index_last_chunk(found)
    metadata = list(found.metadata_indexes)
    for name, record in found.epilogue.items():
        metadata.append(MetadataIndex(found.kept + len(rest), len(record), name))
        rest += record
    data_end = rest + _data_end(zlib.crc32(rest, zlib.crc32(memoryview(content)[: found.kept])))
    start = found.kept + len(data_end)
    summary, offsets = b"", b""
    for opcode, group in _summary_groups(found, metadata).items():
        offset = SummaryOffset(opcode, start + len(summary), len(group))
        summary, offsets = summary + group, offsets + _written(offset)
    return data_end + summary + offsets + _footer(start, start + len(summary), summary + offsets)


def _index_last_chunk(found: Contents) -> bytes:
    """The message indexes of the last chunk, which a crash may have cut off."""
    if not found.chunks:
        return b""
    entries: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for opcode, start, _ in split(found.last_chunk):
        if opcode == Opcode.MESSAGE:
            channel, _, time_ns = _MESSAGE_HEAD.unpack_from(found.last_chunk, start + PREFIX.size)
            entries[channel].append((time_ns, start))
    chunk, indexes = found.chunks[-1], b""
    chunk.message_index_offsets.clear()
    for channel, records in entries.items():
        chunk.message_index_offsets[channel] = found.kept + len(indexes)
        indexes += _written(MessageIndex(channel, records))
    chunk.message_index_length = len(indexes)
    return indexes


def _summary_groups(found: Contents, metadata: list[MetadataIndex]) -> dict[Opcode, bytes]:
    def declared(opcode: Opcode) -> bytes:
        return b"".join(record for record in found.declarations if record[0] == opcode)

    groups = {
        Opcode.SCHEMA: declared(Opcode.SCHEMA),
        Opcode.CHANNEL: declared(Opcode.CHANNEL),
        Opcode.STATISTICS: _written(_statistics(found, len(metadata))),
        Opcode.CHUNK_INDEX: b"".join(map(_written, found.chunks)),
        Opcode.METADATA_INDEX: b"".join(map(_written, metadata)),
    }
    return {opcode: group for opcode, group in groups.items() if group}


def _statistics(found: Contents, metadata_count: int) -> Statistics:
    counts = {channel: lengths.total() for channel, lengths in found.lengths.items()}
    return Statistics(
        attachment_count=0,
        channel_count=len(found.topics),
        channel_message_counts=counts,
        chunk_count=len(found.chunks),
        message_count=sum(counts.values()),
        message_start_time=min((chunk.message_start_time for chunk in found.chunks), default=0),
        message_end_time=max((chunk.message_end_time for chunk in found.chunks), default=0),
        metadata_count=metadata_count,
        schema_count=sum(record[0] == Opcode.SCHEMA for record in found.declarations),
    )


def _data_end(crc: int) -> bytes:
    return _written(DataEnd(crc))


def _footer(summary_start: int, offset_start: int, summary: bytes) -> bytes:
    unchecked = FOOTER.pack(
        Opcode.FOOTER, FOOTER.size - PREFIX.size, summary_start, offset_start, 0
    )
    crc = zlib.crc32(unchecked[:-4], zlib.crc32(summary))
    return _written(Footer(summary_start, offset_start, crc)) + MAGIC


def _written(record: McapRecord) -> bytes:
    builder = RecordBuilder()
    record.write(builder)
    written: bytes = builder.end()  # type: ignore[no-untyped-call]
    return written
