// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "files.hpp"

#include <string>
#include <string_view>

namespace offlineimap::status {

/// A file that is written beside the one it replaces, so that at every moment there is the old one
/// or the new one, whole. Given up unless committed.
class ReplacedFile {
public:
    ReplacedFile(
        std::filesystem::path path, std::filesystem::path beside, Scope scope,
        Durability durability);
    ReplacedFile(const ReplacedFile&) = delete;
    ReplacedFile& operator=(const ReplacedFile&) = delete;
    ~ReplacedFile();

    void write(std::string_view bytes)
    {
        buffer_ += bytes;
        if (buffer_.size() >= most) write_buffer();
    }
    /// Where write() may also append.
    std::string& buffer()
    {
        if (buffer_.size() >= most) write_buffer();
        return buffer_;
    }
    /// The file is there, and on the disk, when this returns.
    void commit();

    /// CRC-32 of all that was written, after commit().
    [[nodiscard]] std::uint32_t checksum() const noexcept { return checksum_; }
    /// The file, still the one at the path; locked, if it was locked before commit(). After that
    /// alone.
    [[nodiscard]] Descriptor release() noexcept { return std::move(file_); }
    void lock();

private:
    static constexpr std::size_t most = 1 << 17;
    void write_buffer();

    std::filesystem::path path_, beside_;
    Scope scope_;
    Durability durability_;
    Descriptor file_;
    std::string buffer_;
    std::uint32_t checksum_ = 0;
    bool committed_ = false;
};

}  // namespace offlineimap::status
