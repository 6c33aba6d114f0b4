// SPDX-License-Identifier: Apache-2.0
#include "capability_set.hpp"

#include "protocol/cursor.hpp"
#include "protocol/text.hpp"

#include <charconv>

namespace offlineimap::imap {

namespace {

/// IMAP4rev2 (RFC 9051 appendix E) brings these without naming them one by one.
constexpr std::string_view rev2_extensions[] = {
    "NAMESPACE", "UNSELECT", "UIDPLUS",     "ESEARCH",       "SEARCHRES",
    "ENABLE",    "IDLE",     "SASL-IR",     "LIST-EXTENDED", "LIST-STATUS",
    "MOVE",      "LITERAL-", "SPECIAL-USE", "STATUS=SIZE"};

}  // namespace

CapabilitySet::CapabilitySet(const std::vector<std::string>& hidden)
{
    for (const auto& name : hidden)
        hidden_.insert(upper_case(name));
    if (hidden_.contains("CONDSTORE")) hidden_.insert("QRESYNC");  // which is built upon it
}

bool CapabilitySet::is_hidden(const std::string& name) const
{
    if (hidden_.empty()) return false;
    return hidden_.contains(name) || hidden_.contains(name.substr(0, name.find('=')));
}

void CapabilitySet::assign(std::string_view list)
{
    names_.clear();
    known_ = news_ = true;
    const auto put = [this](std::string name) {
        if (!is_hidden(name)) names_.insert(std::move(name));
    };
    Cursor in(list);
    for (in.skip_blanks(); !in.at_end(); in.skip_blanks()) {
        const auto name = in.word();
        if (name.empty()) break;
        put(upper_case(name));
    }
    if (has("IMAP4REV2") && !has("IMAP4REV1"))
        for (const auto name : rev2_extensions)
            put(std::string(name));
    if (has("QRESYNC")) put("CONDSTORE");  // RFC 7162 section 3.2.3
}

void CapabilitySet::forget() noexcept
{
    names_.clear();
    known_ = news_ = false;
}

bool CapabilitySet::has(std::string_view name) const noexcept
{
    return names_.contains(name);
}

LiteralMode CapabilitySet::literals() const noexcept
{
    if (has("LITERAL+")) return LiteralMode::plus;
    return has("LITERAL-") ? LiteralMode::minus : LiteralMode::synchronising;
}

std::optional<std::uint64_t> CapabilitySet::append_limit() const
{
    constexpr std::string_view prefix = "APPENDLIMIT=";
    const auto at = names_.lower_bound(prefix);
    if (at == names_.end() || !at->starts_with(prefix)) return std::nullopt;
    std::uint64_t limit = 0;
    const auto [end, error] =
        std::from_chars(at->data() + prefix.size(), at->data() + at->size(), limit);
    if (error != std::errc {} || end != at->data() + at->size()) return std::nullopt;
    return limit;
}

std::vector<std::string> CapabilitySet::with_prefix(std::string_view prefix) const
{
    std::vector<std::string> rests;
    for (auto at = names_.lower_bound(prefix); at != names_.end() && at->starts_with(prefix); ++at)
        rests.push_back(at->substr(prefix.size()));
    return rests;
}

std::string CapabilitySet::text() const
{
    std::string text;
    for (const auto& name : names_)
        text += (text.empty() ? "" : " ") + name;
    return text;
}

}  // namespace offlineimap::imap
