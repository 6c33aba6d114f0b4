// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace offlineimap::maildir {

/// Hands the texts of files to a sink, with CRLF line ends and their exact size in front. A file
/// that fits the buffer is read once; a larger one twice, first to count. Memory does not depend on
/// its size. One thread at a time.
class TextReader {
public:
    explicit TextReader(const Cancel& cancel);

    /// Fills in message.size and message.received. `path` is for messages. A file that cannot be
    /// read is reported to the sink; one that breaks off while the text is under way throws.
    void read(
        int file, std::string_view path, std::size_t index, Message& message, Part part,
        FetchSink& sink);
    /// The size with CRLF line ends of a text that has `size` bytes on disk.
    std::uint64_t wire_size(int file, std::string_view path, std::uint64_t size);

private:
    /// What a first look over the file finds.
    struct Measure {
        std::uint64_t on_disk = 0, on_wire = 0;
    };
    struct Measures {
        Measure whole, header;
    };

    Measures measure(int file, std::string_view path, std::uint64_t size);
    void deliver(int file, std::string_view path, const Measure& size, FetchSink& sink);
    std::string_view piece_at(int file, std::string_view path, std::uint64_t offset);

    const Cancel& cancel_;
    std::unique_ptr<char[]> buffer_;
    std::uint64_t size_ = 0;  ///< of the present file when it was opened
    std::uint64_t held_offset_ = 0;
    std::size_t held_ = 0;  ///< bytes of the present file in the buffer
    std::string out_;
};

}  // namespace offlineimap::maildir
