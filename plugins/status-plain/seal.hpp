// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "common-status/files.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offlineimap::status_plain {

/// By what a file of the original is known again: what it holds, and which file it is. The original
/// replaces it by another; one that is the same file with other content was damaged.
struct Seal {
    std::uint64_t size = 0;
    std::uint32_t checksum = 0;
    std::uint64_t inode = 0;
    std::uint64_t born = 0;  ///< nanoseconds; 0: the file system does not tell

    [[nodiscard]] bool same_content(const Seal& other) const noexcept
    {
        return size == other.size && checksum == other.checksum;
    }
    [[nodiscard]] bool same_file(const Seal& other) const noexcept
    {
        return inode == other.inode && born != 0 && born == other.born;
    }
};

struct SealedText {
    bool there = false;
    std::string text;
    Seal seal;  ///< all zero: there is no such file
};
[[nodiscard]] SealedText read_sealed(const std::filesystem::path& path, Scope scope);

/// Of a file that was just written.
[[nodiscard]] Seal
seal_of(const status::Descriptor& file, std::uint64_t size, std::uint32_t checksum);

void pack(std::string& out, const Seal& seal);
[[nodiscard]] std::optional<Seal> unpack_seal(std::string_view bytes);

}  // namespace offlineimap::status_plain
