// SPDX-License-Identifier: Apache-2.0
#include "folder_table.hpp"

#include "protocol/text.hpp"
#include "protocol/utf7.hpp"

#include <offlineimap/error.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace offlineimap::imap {

FolderIndex FolderTable::add(std::string_view wire, FolderPath path)
{
    const std::lock_guard lock(mutex_);
    if (const auto known = by_wire_.find(wire); known != by_wire_.end()) return known->second;
    const auto index = static_cast<FolderIndex>(folders_.size());
    folders_.push_back({std::string(wire), std::move(path), {}, {}, {}});
    by_wire_.emplace(wire, index);
    return index;
}

Folder FolderTable::at(FolderIndex index) const
{
    const std::lock_guard lock(mutex_);
    if (index >= folders_.size())
        throw Error(Errc::internal, "no folder has the number " + std::to_string(index));
    return folders_[index];
}

std::optional<FolderIndex> FolderTable::find(const FolderPath& path) const
{
    const std::lock_guard lock(mutex_);
    const auto at = std::find_if(
        folders_.begin(), folders_.end(), [&path](const Folder& f) { return f.path == path; });
    if (at == folders_.end()) return std::nullopt;
    return static_cast<FolderIndex>(at - folders_.begin());
}

void FolderTable::set_epoch(FolderIndex index, std::string_view epoch)
{
    const std::lock_guard lock(mutex_);
    folders_.at(index).epoch = epoch;
}

void FolderTable::set_told(FolderIndex index, const MailboxStatus& status)
{
    const std::lock_guard lock(mutex_);
    auto& told = folders_.at(index).told;
    const auto before = std::exchange(told, status);
    if (!told.append_limit) told.append_limit = before.append_limit;  // SELECT does not tell it
    if (told.mailbox_id.empty()) told.mailbox_id = before.mailbox_id;
    taken_.erase(index);
}

bool FolderTable::take_new(FolderIndex index, std::span<const Uid> uids)
{
    const std::lock_guard lock(mutex_);
    constexpr std::uint64_t most_in_a_run = 1'000'000;
    const auto next = folders_.at(index).told.uid_next;
    auto& taken = taken_[index];
    const bool can_be = std::all_of(uids.begin(), uids.end(), [&](Uid uid) {
        const bool is_near = !next || (uid >= *next && uid - *next < most_in_a_run);
        return is_near && !taken.contains(uid);
    });
    if (can_be)
        for (const Uid uid : uids)
            taken.add(uid);
    return can_be;
}

void FolderTable::set_announced(FolderIndex index, const MailboxStatus& status)
{
    const std::lock_guard lock(mutex_);
    folders_.at(index).announced = status;
}

std::vector<Folder> FolderTable::all() const
{
    const std::lock_guard lock(mutex_);
    return folders_;
}

std::string key_of(std::string_view wire)
{
    return same_text(wire, "INBOX") ? "INBOX" : std::string(wire);
}

FolderPath path_of(std::string_view wire, char delimiter, NameStyle style)
{
    if (same_text(wire, "INBOX")) return {"INBOX"};
    FolderPath path;
    while (true) {
        const auto end = delimiter == '\0' ? std::string_view::npos : wire.find(delimiter);
        const auto component = wire.substr(0, end);
        auto decoded = style == NameStyle::utf8 ? decode_utf7(component) : std::nullopt;
        path.push_back(decoded ? std::move(*decoded) : std::string(component));
        if (end == std::string_view::npos) return path;
        wire.remove_prefix(end + 1);
    }
}

namespace {

std::optional<std::string> encoded(const std::string& component, NameStyle style)
{
    if (style == NameStyle::utf8) return encode_utf7(component);
    return decode_utf7(component) ? std::optional(component) : std::nullopt;
}

}  // namespace

std::string wire_name(const FolderPath& path, char delimiter, NameStyle style)
{
    std::string wire;
    for (const auto& component : path) {
        const bool splits = delimiter != '\0' && component.find(delimiter) != std::string::npos;
        const auto name = encoded(component, style);
        if (component.empty() || splits || !name || (delimiter == '\0' && path.size() > 1))
            throw Error(
                Errc::rejected, Scope::folder, Retry::never,
                "name the folder \"" + printable(component) + "\": this server has no such names"
                    + (style == NameStyle::wire && !component.empty() && encode_utf7(component)
                           ? "; utf8foldernames = yes would write it as " + *encode_utf7(component)
                           : std::string()));
        if (!wire.empty()) wire += delimiter;
        wire += *name;
    }
    return wire;
}

std::string
shown_name(std::string_view wire, const FolderPath& path, char delimiter, NameStyle style)
{
    if (style == NameStyle::wire) return path == FolderPath {"INBOX"} ? "INBOX" : std::string(wire);
    std::string name;
    for (const auto& component : path) {
        if (&component != &path.front()) name += delimiter;
        name += component;
    }
    return name;
}

std::optional<FolderToken> FolderToken::parse(std::string_view text)
{
    std::array<std::uint64_t, 4> numbers {};
    const char* at = text.data();
    const char* const end = at + text.size();
    for (auto& number : numbers) {
        if (&number != &numbers.front() && (at == end || *at++ != ':')) return std::nullopt;
        const auto [next, error] = std::from_chars(at, end, number);
        if (error != std::errc {}) return std::nullopt;
        at = next;
    }
    FolderToken token {numbers[0], numbers[1], numbers[2], numbers[3], {}};
    if (at == end) return token;
    if (*at != ':' || at + 1 == end) return std::nullopt;
    token.mailbox_id.assign(at + 1, end);
    return token;
}

bool is_another_folder(const MailboxStatus& a, const MailboxStatus& b) noexcept
{
    return !a.mailbox_id.empty() && !b.mailbox_id.empty() && a.mailbox_id != b.mailbox_id;
}

bool differ(const MailboxStatus& a, const MailboxStatus& b) noexcept
{
    const auto changed = [](const auto& x, const auto& y) { return x && y && *x != *y; };
    const auto mod_seq = [](const MailboxStatus& s) { return s.highest_mod_seq.value_or(0); };
    return is_another_folder(a, b) || changed(a.uid_validity, b.uid_validity)
        || changed(a.uid_next, b.uid_next) || changed(a.messages, b.messages)
        || changed(a.unseen, b.unseen)
        || (mod_seq(a) != 0 && mod_seq(b) != 0 && mod_seq(a) != mod_seq(b));
}

std::string token_of(const MailboxStatus& s)
{
    if (!s.uid_validity || !s.uid_next || !s.messages || s.highest_mod_seq.value_or(0) == 0)
        return {};
    return std::to_string(*s.uid_validity) + ':' + std::to_string(*s.uid_next) + ':'
        + std::to_string(*s.highest_mod_seq) + ':' + std::to_string(*s.messages)
        + (s.mailbox_id.empty() ? "" : ":" + s.mailbox_id);
}

std::string quick_token_of(const MailboxStatus& s)
{
    if (!s.uid_validity || !s.uid_next || !s.messages) return {};
    return std::to_string(*s.uid_validity) + ':' + std::to_string(*s.uid_next) + ':'
        + std::to_string(*s.messages);
}

}  // namespace offlineimap::imap
