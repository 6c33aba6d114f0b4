// SPDX-License-Identifier: Apache-2.0
#include "checksum.hpp"

#include <zlib.h>

namespace offlineimap::status {

std::uint32_t checksum(std::string_view bytes, std::uint32_t before) noexcept
{
    const auto* data = reinterpret_cast<const Bytef*>(bytes.data());
    return static_cast<std::uint32_t>(crc32_z(before, data, bytes.size()));
}

}  // namespace offlineimap::status
