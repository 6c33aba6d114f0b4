// SPDX-License-Identifier: Apache-2.0
#include "withheld.hpp"

#include "core/text/printable.hpp"

#include <algorithm>
#include <array>

namespace offlineimap::core {
namespace {

constexpr std::size_t shortest_secret = 3;
constexpr std::string_view mark = "(withheld)";
constexpr std::string_view base64_digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// What of the text's Base64 does not depend on what stands before and behind it, when it begins
/// `offset` bytes into a group of three.
std::string base64_core(std::string_view text, std::size_t offset)
{
    std::string out;
    unsigned bits = 0, count = 0;
    const std::size_t skip = (3 - offset) % 3;  // to the first group that is ours alone
    for (std::size_t i = skip; i < text.size() - (text.size() - skip) % 3; ++i) {
        bits = bits << 8 | static_cast<unsigned char>(text[i]);
        if (++count % 3 != 0) continue;
        for (int shift = 18; shift >= 0; shift -= 6)
            out += base64_digits[bits >> shift & 63];
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

/// As it stands in a form that is posted, or in a URL.
std::string percent_quoted(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view literal =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (literal.find(c) != literal.npos)
            out += c;
        else
            (out += '%').append({digits[byte >> 4], digits[byte & 15]});
    }
    return out;
}

/// Of digits alone; a word that ends in the middle of a byte says what is whole.
std::string from_base64(std::string_view word)
{
    std::string out;
    unsigned bits = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        bits = bits << 6 | static_cast<unsigned>(base64_digits.find(word[i]));
        const std::size_t in_group = i % 4;  // of its second to fourth digit each ends a byte
        if (in_group > 0) out += static_cast<char>(bits >> (6 - 2 * in_group) & 255);
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
    if (std::ranges::find(secrets_, secret) == secrets_.end()) secrets_.emplace_back(secret);
    add_form(std::string(secret));
    add_form(quoted(secret));
    add_form(printable(secret));
    add_form(percent_quoted(secret));
    for (const std::size_t offset : {0U, 1U, 2U})
        if (secret.size() >= 3)
            if (auto form = base64_core(secret, offset); form.size() >= telling)
                add_form(std::move(form));
    std::ranges::stable_sort(forms_, std::greater(), &std::string::size);
}

/// Words that are Base64 of something with a secret in it, such as what SASL sends: of a short
/// secret no part of the word is its alone.
void Withheld::hide_encoded(std::string& text) const
{
    constexpr std::size_t shortest_word = 8;
    for (auto at = text.find_first_of(base64_digits); at != text.npos;
         at = text.find_first_of(base64_digits, at)) {
        const auto end = std::min(text.find_first_not_of(base64_digits, at), text.size());
        const auto word = std::string_view(text).substr(at, end - at);
        const auto decoded = word.size() < shortest_word ? std::string() : from_base64(word);
        const bool tells = std::ranges::any_of(
            secrets_, [&](const auto& secret) { return decoded.find(secret) != decoded.npos; });
        if (tells) text.replace(at, word.size(), mark);
        at = tells ? at + mark.size() : end;
    }
}

std::string Withheld::clean(std::string_view text) const
{
    const std::lock_guard lock(mutex_);
    if (forms_.empty()) return printable(text);
    std::string open(text);
    hide_encoded(open);
    for (const auto& form : forms_)
        replace_all(open, form);
    return printable(open);
}

}  // namespace offlineimap::core
