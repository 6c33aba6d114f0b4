// SPDX-License-Identifier: Apache-2.0
#include "seal.hpp"

#include "common-status/checksum.hpp"
#include "common-status/packing.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

namespace offlineimap::status_plain {

SealedText read_sealed(const std::filesystem::path& path, Scope scope)
{
    const status::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file && errno == ENOENT) return {};
    if (!file) throw status::system_error(errno, scope, "open", path);
    SealedText read {.there = true, .text = status::read_all(file, path, scope), .seal = {}};
    read.seal = seal_of(file, read.text.size(), status::checksum(read.text));
    return read;
}

Seal seal_of(const status::Descriptor& file, std::uint64_t size, std::uint32_t checksum)
{
    Seal seal {.size = size, .checksum = checksum};
    struct statx facts = {};
    if (::statx(file.get(), "", AT_EMPTY_PATH, STATX_INO | STATX_BTIME, &facts) != 0) return seal;
    seal.inode = facts.stx_ino;
    if ((facts.stx_mask & STATX_BTIME) != 0)
        seal.born = static_cast<std::uint64_t>(facts.stx_btime.tv_sec) * 1'000'000'000
            + facts.stx_btime.tv_nsec;
    return seal;
}

void pack(std::string& out, const Seal& seal)
{
    for (const std::uint64_t number :
         {seal.size, std::uint64_t {seal.checksum}, seal.inode, seal.born})
        status::pack(out, number);
}

std::optional<Seal> unpack_seal(std::string_view bytes)
{
    status::Unpacker unpacker(bytes);
    std::array<std::uint64_t, 4> numbers {};
    for (auto& number : numbers) {
        const auto next = unpacker.number();
        if (!next) return std::nullopt;
        number = *next;
    }
    return Seal {numbers[0], static_cast<std::uint32_t>(numbers[1]), numbers[2], numbers[3]};
}

}  // namespace offlineimap::status_plain
