// SPDX-License-Identifier: Apache-2.0
#include "utf7.hpp"

#include <array>
#include <cstdint>

namespace offlineimap::imap {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

constexpr bool is_direct(char c) noexcept
{
    return c >= 0x20 && c <= 0x7e;
}

void append_utf8(std::string& out, std::uint32_t c)
{
    const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (c < 0x80) {
        put(c);
    } else if (c < 0x800) {
        put(0xc0 | c >> 6);
        put(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        put(0xe0 | c >> 12);
        put(0x80 | (c >> 6 & 0x3f));
        put(0x80 | (c & 0x3f));
    } else {
        put(0xf0 | c >> 18);
        put(0x80 | (c >> 12 & 0x3f));
        put(0x80 | (c >> 6 & 0x3f));
        put(0x80 | (c & 0x3f));
    }
}

/// Code units of UTF-16 into code points; a lone surrogate is an error.
class Utf16Reader {
public:
    bool put(std::uint32_t unit, std::string& out)
    {
        const bool low = unit >= 0xdc00 && unit < 0xe000;
        if ((high_ != 0) != low) return false;
        if (unit >= 0xd800 && unit < 0xdc00) {
            high_ = unit;
            return true;
        }
        append_utf8(out, low ? 0x10000 + ((high_ - 0xd800) << 10) + (unit - 0xdc00) : unit);
        high_ = 0;
        return true;
    }
    [[nodiscard]] bool complete() const noexcept { return high_ == 0; }

private:
    std::uint32_t high_ = 0;
};

/// The base64 between & and -; false when it is not whole UTF-16.
bool decode_base64(std::string_view text, std::string& out)
{
    Utf16Reader reader;
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (const char c : text) {
        const auto value = alphabet.find(c);
        if (value == std::string_view::npos) return false;
        bits = bits << 6 | static_cast<std::uint32_t>(value);
        count += 6;
        if (count < 16) continue;
        count -= 16;
        if (!reader.put(bits >> count & 0xffff, out)) return false;
        bits &= (1U << count) - 1;
    }
    return reader.complete();
}

/// One code point of UTF-8 from the front of `text`; nothing on overlong forms and surrogates.
std::optional<std::uint32_t> take_utf8(std::string_view& text)
{
    const auto byte = [&text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t lead = byte(0);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if ((lead >= 0x80 && lead < 0xc2) || lead > 0xf4 || text.size() < length) return std::nullopt;
    std::uint32_t c = length == 1 ? lead : lead & (0x7fU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return std::nullopt;
        c = c << 6 | (byte(i) & 0x3f);
    }
    constexpr std::array<std::uint32_t, 5> least {0, 0, 0x80, 0x800, 0x10000};
    if (c < least.at(length) || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return std::nullopt;
    text.remove_prefix(length);
    return c;
}

/// Collects a run of characters that cannot stand for themselves.
class ShiftWriter {
public:
    void put(std::uint32_t c, std::string& out)
    {
        if (!open_) out += '&';
        open_ = true;
        if (c >= 0x10000) {
            unit(0xd800 + ((c - 0x10000) >> 10), out);
            unit(0xdc00 + ((c - 0x10000) & 0x3ff), out);
        } else {
            unit(c, out);
        }
    }
    void close(std::string& out)
    {
        if (!open_) return;
        if (count_ > 0) out += alphabet[bits_ << (6 - count_) & 0x3f];
        out += '-';
        *this = {};
    }

private:
    void unit(std::uint32_t value, std::string& out)
    {
        bits_ = bits_ << 16 | value;
        count_ += 16;
        for (; count_ >= 6; count_ -= 6)
            out += alphabet[bits_ >> (count_ - 6) & 0x3f];
        bits_ &= (1U << count_) - 1;
    }

    std::uint32_t bits_ = 0;
    unsigned count_ = 0;
    bool open_ = false;
};

std::optional<std::string> decode_loosely(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (!is_direct(c)) return std::nullopt;
        if (c != '&') {
            out += c;
            continue;
        }
        const auto end = text.find('-');
        if (end == std::string_view::npos) return std::nullopt;
        if (end == 0)
            out += '&';
        else if (!decode_base64(text.substr(0, end), out))
            return std::nullopt;
        text.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace

std::optional<std::string> decode_utf7(std::string_view text)
{
    auto decoded = decode_loosely(text);
    // Several encodings of one name would make one folder out of two.
    if (decoded && encode_utf7(*decoded) != text) return std::nullopt;
    return decoded;
}

std::optional<std::string> encode_utf7(std::string_view text)
{
    std::string out;
    ShiftWriter shift;
    while (!text.empty()) {
        const auto c = take_utf8(text);
        if (!c) return std::nullopt;
        if (*c < 0x20 || *c > 0x7e) {
            shift.put(*c, out);
            continue;
        }
        shift.close(out);
        out += static_cast<char>(*c);
        if (*c == '&') out += '-';
    }
    shift.close(out);
    return out;
}

}  // namespace offlineimap::imap
