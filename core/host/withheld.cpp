// SPDX-License-Identifier: Apache-2.0
#include "withheld.hpp"

#include "core/text/printable.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::core {
namespace {

constexpr std::size_t shortest_secret = 3;
constexpr std::string_view mark = "(withheld)";

/// What of the text's Base64 does not depend on what stands before and behind it, when it begins
/// `offset` bytes into a group of three.
std::string base64_core(std::string_view text, std::size_t offset)
{
    constexpr std::string_view digits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    unsigned bits = 0, count = 0;
    const std::size_t skip = (3 - offset) % 3;  // to the first group that is ours alone
    for (std::size_t i = skip; i < text.size() - (text.size() - skip) % 3; ++i) {
        bits = bits << 8 | static_cast<unsigned char>(text[i]);
        if (++count % 3 != 0) continue;
        for (int shift = 18; shift >= 0; shift -= 6)
            out += digits[bits >> shift & 63];
        bits = 0;
    }
    return out;
}

/// As it stands between quotes, in IMAP and in JSON.
std::string quoted(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

void replace_all(std::string& text, std::string_view form)
{
    for (auto at = text.find(form); at != text.npos; at = text.find(form, at + mark.size()))
        text.replace(at, form.size(), mark);
}

}  // namespace

void Withheld::add_form(std::string form)
{
    if (form.size() < shortest_secret || std::ranges::find(forms_, form) != forms_.end()) return;
    forms_.push_back(std::move(form));
}

void Withheld::add(std::string_view secret)
{
    if (secret.size() < shortest_secret) return;
    constexpr std::size_t telling = 8;  // a shorter piece of Base64 may be anything
    const std::lock_guard lock(mutex_);
    add_form(std::string(secret));
    add_form(quoted(secret));
    add_form(printable(secret));
    for (const std::size_t offset : {0U, 1U, 2U})
        if (secret.size() >= 3)
            if (auto form = base64_core(secret, offset); form.size() >= telling)
                add_form(std::move(form));
    std::ranges::stable_sort(forms_, std::greater(), &std::string::size);
}

std::string Withheld::clean(std::string_view text) const
{
    const std::lock_guard lock(mutex_);
    if (forms_.empty()) return printable(text);
    std::string open(text);
    for (const auto& form : forms_)
        replace_all(open, form);
    return printable(open);
}

}  // namespace offlineimap::core
