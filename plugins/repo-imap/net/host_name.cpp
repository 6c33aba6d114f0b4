// SPDX-License-Identifier: Apache-2.0
#include "host_name.hpp"

#include "text.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <cstdint>
#include <idn2.h>
#include <memory>

namespace offlineimap::imap {

namespace {

struct NameDeleter {
    void operator()(std::uint8_t* name) const noexcept { idn2_free(name); }
};

}  // namespace

std::string ascii_host_name(const std::string& name)
{
    const bool is_ascii = std::all_of(
        name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
    if (is_ascii) return name;
    std::uint8_t* found = nullptr;
    const int code = idn2_lookup_u8(
        reinterpret_cast<const std::uint8_t*>(name.c_str()), &found,
        IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    const std::unique_ptr<std::uint8_t, NameDeleter> owner(found);
    if (code != IDN2_OK)
        throw Error(
            Errc::config,
            joined("no host can have this name: ", in_lower_case(idn2_strerror(code))));
    return reinterpret_cast<const char*>(found);
}

}  // namespace offlineimap::imap
