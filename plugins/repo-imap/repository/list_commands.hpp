// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "context.hpp"
#include "protocol/text.hpp"

#include <offlineimap/error.hpp>

#include <array>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

// The commands that list folders, and what they find.

namespace offlineimap::imap {

/// More folders than any person has; a server that goes on for ever must end somewhere.
inline constexpr std::size_t max_folders = 100'000;

/// No server takes longer ones; whoever shows such a name shows nothing else.
inline constexpr std::size_t max_name = 4096;
/// All names together.
inline constexpr std::size_t max_names = std::size_t {16} << 20;

struct Listed {
    std::string wire;
    char delimiter = '\0';
    Set<FolderUse> uses;
    MailboxStatus status;
    [[nodiscard]] bool selectable() const noexcept { return !uses.has(FolderUse::not_selectable); }
};

struct UseName {
    std::string_view attribute;
    FolderUse use;
};

/// RFC 6154, RFC 5258; \AllMail and \Spam are older names that Gmail had.
inline constexpr std::array<UseName, 11> use_names {{
    {"\\All", FolderUse::all},
    {"\\AllMail", FolderUse::all},
    {"\\Archive", FolderUse::archive},
    {"\\Drafts", FolderUse::drafts},
    {"\\Flagged", FolderUse::flagged},
    {"\\Junk", FolderUse::junk},
    {"\\Spam", FolderUse::junk},
    {"\\Sent", FolderUse::sent},
    {"\\Trash", FolderUse::trash},
    {"\\Subscribed", FolderUse::subscribed},
    {"\\Noselect", FolderUse::not_selectable},
}};

inline Set<FolderUse> uses_of(const ListEntry& entry)
{
    Set<FolderUse> uses;
    for (const auto& known : use_names)
        if (entry.has(known.attribute)) uses.add(known.use);
    if (entry.has("\\NonExistent")) uses.add(FolderUse::not_selectable);
    if (same_text(entry.name, "INBOX")) uses.add(FolderUse::inbox);
    return uses;
}

/// LIST, with or without STATUS responses among the answers.
class ListCommand final : public PlainCommand {
public:
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::listing}; }
    void list(const ListEntry& entry) override
    {
        if (entry.name.size() > max_name) {
            ++left_out_;
            return;
        }
        bytes_ += entry.name.size();
        if (folders_.size() >= max_folders || bytes_ > max_names)
            throw Error(Errc::protocol, "list folders: the server names more than there can be");
        const auto [at, is_new] = by_name_.emplace(key_of(entry.name), folders_.size());
        if (is_new) folders_.push_back({entry.name, entry.delimiter, {}, {}});
        auto& folder = folders_[at->second];
        folder.uses = folder.uses | uses_of(entry);
    }
    void status(const MailboxStatus& status) override
    {
        const auto at = by_name_.find(key_of(status.name));
        if (at != by_name_.end()) folders_[at->second].status = status;
    }
    [[nodiscard]] std::vector<Listed>& folders() noexcept { return folders_; }
    /// Folders whose names are too long.
    [[nodiscard]] std::size_t left_out() const noexcept { return left_out_; }

private:
    std::vector<Listed> folders_;
    std::size_t bytes_ = 0, left_out_ = 0;
    std::unordered_map<std::string, std::size_t> by_name_;
};

/// One STATUS; what it brings goes to the listing. A refusal leaves that folder's token unknown.
class StatusCommand final : public PlainCommand {
public:
    explicit StatusCommand(ListCommand& listing) : listing_(listing) { }
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::listing}; }
    void status(const MailboxStatus& status) override { listing_.status(status); }

private:
    ListCommand& listing_;
};

/// LSUB: the names alone.
class SubscribedCommand final : public PlainCommand {
public:
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::listing}; }
    void list(const ListEntry& entry) override
    {
        if (entry.name.size() > max_name) return;
        bytes_ += entry.name.size();
        if (names_.size() >= max_folders || bytes_ > max_names)
            throw Error(Errc::protocol, "list folders: the server names more than there can be");
        names_.insert(key_of(entry.name));
    }
    void mark(std::vector<Listed>& folders) const
    {
        for (auto& folder : folders)
            if (names_.contains(key_of(folder.wire))) folder.uses.add(FolderUse::subscribed);
    }

private:
    std::unordered_set<std::string> names_;
    std::size_t bytes_ = 0;
};

}  // namespace offlineimap::imap
