// SPDX-License-Identifier: Apache-2.0
#include "pairing.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace offlineimap::sync {
namespace {

bool takes_part(const FolderInfo& folder, const FolderRules& rules)
{
    if (folder.uses.has(FolderUse::not_selectable)) return false;
    if (rules.subscribed_only && !folder.uses.has(FolderUse::subscribed)) return false;
    return !rules.accepts || rules.accepts(folder);
}

/// INBOX is one folder however it is written (RFC 9051 section 5.1).
FolderPath normal(FolderPath path)
{
    if (path.empty()) return path;
    std::string upper = path.front();
    for (char& c : upper)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (upper == "INBOX") path.front() = upper;
    return path;
}

FolderPath parts(const std::string& name, const std::string& separator)
{
    FolderPath path;
    std::size_t at = 0;
    for (auto next = name.find(separator); next != name.npos; next = name.find(separator, at)) {
        path.push_back(name.substr(at, next - at));
        at = next + separator.size();
    }
    path.push_back(name.substr(at));
    return path;
}

std::string joined(const FolderPath& path, const std::string& separator)
{
    std::string name;
    for (const auto& part : path) {
        if (&part != &path.front()) name += separator;
        name += part;
    }
    return name;
}

/// What the folders of one side are called on the other.
class Translation {
public:
    Translation(const Both<std::vector<FolderInfo>>& folders, const Both<FolderRules>& rules)
        : rules_(rules)
        , separators_ {
              separator_of(folders.left, rules.left), separator_of(folders.right, rules.right)}
    {
    }

    /// Nothing: it takes no part.
    [[nodiscard]] std::optional<FolderPath> path(const FolderInfo& folder, Side from) const
    {
        const Side to = other(from);
        if (rules_[from].translate) return normal(translated(folder, from));
        if (!rules_[to].origin) return normal(folder.path);
        auto path = rules_[to].origin(normal(folder.path), separators_[to]);
        if (path) *path = normal(std::move(*path));
        return path;
    }

    /// A folder that is not there yet.
    [[nodiscard]] FolderInfo would_be(FolderPath path, Side side) const
    {
        FolderInfo folder;
        folder.name = joined(path, separators_[side]);
        folder.path = std::move(path);
        folder.separator = separators_[side];
        return folder;
    }

private:
    /// As the original exchanges separators: one of the other side that the rule wrote parts, too.
    [[nodiscard]] FolderPath translated(const FolderInfo& folder, Side from) const
    {
        auto path = rules_[from].translate(folder);
        if (path == folder.path) return path;
        FolderPath parted;
        for (const auto& part : path)
            for (auto& piece : parts(part, separators_[other(from)]))
                parted.push_back(std::move(piece));
        return parted;
    }

    static std::string
    separator_of(const std::vector<FolderInfo>& folders, const FolderRules& rules)
    {
        if (!rules.separator.empty()) return rules.separator;
        for (const FolderInfo& folder : folders)
            if (!folder.separator.empty()) return folder.separator;
        return "/";
    }

    const Both<FolderRules>& rules_;
    Both<std::string> separators_;
};

using ByPath = std::map<FolderPath, const FolderInfo*>;

ByPath by_own_path(const std::vector<FolderInfo>& folders)
{
    ByPath out;
    for (const FolderInfo& folder : folders)
        if (!folder.uses.has(FolderUse::not_selectable)) out[normal(folder.path)] = &folder;
    return out;
}

/// The folders of one side by what they are called on the other.
ByPath by_translated_path(
    const std::vector<FolderInfo>& folders, const FolderRules& rules, const Translation& names,
    const std::string& repository)
{
    ByPath out;
    for (const FolderInfo& folder : folders) {
        if (!takes_part(folder, rules)) continue;
        const auto path = names.path(folder, Side::right);
        if (!path) continue;
        const auto [it, added] = out.try_emplace(*path, &folder);
        if (!added)
            throw Error(
                Errc::config,
                "repository " + repository + ": the folders " + it->second->name + " and "
                    + folder.name
                    + " would become one folder on the other side; change nametrans or "
                      "folderfilter so that each has a name of its own");
    }
    return out;
}

FolderPair make_pair(const FolderPath& local, const FolderInfo* left, const FolderInfo* right)
{
    FolderPair pair;
    pair.name = right ? right->name : left->name;
    pair.status_name = status_name(local);
    if (left) pair.folder.left = *left;
    if (right) pair.folder.right = *right;
    return pair;
}

/// The remote folder that a local one without a partner would get; nothing when the way back from
/// there does not lead to it: then each run would make new folders.
std::optional<FolderPath> remote_for(
    const FolderInfo& local, const Both<FolderRules>& rules, const Translation& names,
    const std::string& repository)
{
    auto remote = names.path(local, Side::left);
    if (!remote) return std::nullopt;
    const auto would_be = names.would_be(*remote, Side::right);
    if (rules.right.accepts && !rules.right.accepts(would_be)) return std::nullopt;
    if (names.path(would_be, Side::right) != normal(local.path))
        throw Error(
            Errc::config,
            "INFINITE FOLDER CREATION DETECTED! Folder " + local.name + " of repository "
                + repository + " would become " + would_be.name
                + " on the other side, which has another name here; make both nametrans undo "
                  "each other");
    return remote;
}

void sort_for_people(std::vector<FolderPair>& pairs)
{
    const auto is_inbox = [](const FolderPair& pair) {
        return pair.folder.left.uses.has(FolderUse::inbox)
            || pair.folder.right.uses.has(FolderUse::inbox);
    };
    std::stable_sort(pairs.begin(), pairs.end(), [&](const FolderPair& a, const FolderPair& b) {
        return is_inbox(a) > is_inbox(b);
    });
}

/// Of a folder that is yet to be made the one that it is made for stands in.
void sort_as_asked(std::vector<FolderPair>& pairs, const FolderRules& rules)
{
    std::vector<FolderInfo> folders;
    folders.reserve(pairs.size());
    for (const FolderPair& pair : pairs)
        folders.push_back(pair.folder.right.path.empty() ? pair.folder.left : pair.folder.right);
    std::vector<FolderPair> sorted;
    sorted.reserve(pairs.size());
    for (const std::size_t at : rules.order(folders))
        sorted.push_back(std::move(pairs[at]));
    pairs = std::move(sorted);
}

}  // namespace

std::string file_name(std::string name)
{
    if (name.empty()) name = ".";
    std::replace(name.begin(), name.end(), '/', '.');
    return name == "." ? "dot" : name;
}

std::string status_name(const FolderPath& local)
{
    std::string joined;
    for (const auto& part : local) {
        if (!joined.empty()) joined += '.';
        joined += part;
    }
    return file_name(joined);
}

Pairing pair_folders(
    const Both<std::vector<FolderInfo>>& folders, const Both<FolderRules>& rules,
    const Both<std::string>& repositories)
{
    Pairing out;
    const auto left = by_own_path(folders.left);
    const Translation names(folders, rules);
    const auto right = by_translated_path(folders.right, rules.right, names, repositories.right);
    const auto there = by_own_path(folders.right);
    std::set<std::string> memories;
    const auto add = [&](FolderPair pair) {
        if (!memories.insert(pair.status_name).second)
            throw Error(
                Errc::config,
                "folder " + pair.name + ": its records would be kept in the same file ("
                    + pair.status_name + ") as another folder's; rename one of them");
        out.pairs.push_back(std::move(pair));
    };
    for (const auto& [local, remote] : right) {
        const auto it = left.find(local);
        if (it != left.end()) {
            if (takes_part(*it->second, rules.left)) add(make_pair(local, it->second, remote));
        } else if (rules.left.create) {
            out.wanted.push_back({Side::left, local, remote->name});
            add(make_pair(local, nullptr, remote));
        }
    }
    for (const auto& [local, folder] : left) {
        if (right.contains(local) || !takes_part(*folder, rules.left) || !rules.right.create)
            continue;
        const auto remote = remote_for(*folder, rules, names, repositories.left);
        if (!remote || there.contains(*remote)) continue;
        out.wanted.push_back({Side::right, *remote, folder->name});
        add(make_pair(local, folder, nullptr));
    }
    sort_for_people(out.pairs);
    if (rules.right.order) sort_as_asked(out.pairs, rules.right);
    return out;
}

}  // namespace offlineimap::sync
