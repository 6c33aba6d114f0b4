// SPDX-License-Identifier: Apache-2.0
#include "protocol/base64.hpp"
#include "protocol/date_time.hpp"
#include "protocol/uid_set.hpp"
#include "protocol/utf7.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

namespace {

using namespace offlineimap::imap;

void require(bool holds)
{
    if (!holds) std::abort();
}

/// A name that can be decoded is written as it came, or in its one shortest form.
void names(std::string_view text)
{
    if (const auto decoded = decode_utf7(text)) {
        const auto encoded = encode_utf7(*decoded);
        require(encoded && decode_utf7(*encoded) == decoded);
    }
    if (const auto encoded = encode_utf7(text)) require(decode_utf7(*encoded) == text);
}

void sets(std::string_view text)
{
    const auto set = parse_uid_set(text);
    if (!set) return;
    require(parse_uid_set(set->text()) == set);
    std::uint64_t count = 0;
    for (const auto& piece : set->split(20))
        count += piece.size();
    require(count == set->size());
}

void dates(std::string_view text)
{
    if (const auto date = parse_date_time(text))
        require(parse_date_time(format_date_time(*date)) == date);
}

void codes(std::string_view text)
{
    require(decode_base64(encode_base64(text)) == text);
    (void)decode_base64(text);
}

}  // namespace

/// What may be read can be written, and read again as the same.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text {reinterpret_cast<const char*>(data), size};
    names(text);
    sets(text);
    dates(text);
    codes(text);
    return 0;
}
