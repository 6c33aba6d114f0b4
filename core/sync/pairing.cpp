// SPDX-License-Identifier: Apache-2.0
#include "pairing.hpp"

#include "core/text/folded_case.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

namespace offlineimap::sync {
namespace {

bool is_chosen(const FolderInfo& folder, const FolderRules& rules)
{
    return !rules.accepts || rules.accepts(folder);
}

bool may_take_part(const FolderInfo& folder, const FolderRules& rules)
{
    return rules.belongs ? rules.belongs(folder) : is_chosen(folder, rules);
}

bool takes_part(const FolderInfo& folder, const FolderRules& rules)
{
    if (folder.uses.has(FolderUse::not_selectable)) return false;
    if (rules.subscribed_only && !folder.uses.has(FolderUse::subscribed)) return false;
    return may_take_part(folder, rules);
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

/// Components as a side sees them that has this separator: names hold no structure but that.
FolderPath split_again(const FolderPath& path, const std::string& separator)
{
    if (separator.empty()) return path;
    FolderPath out;
    for (const std::string& part : path)
        for (std::size_t at = 0; at != part.npos;) {
            const auto end = part.find(separator, at);
            out.push_back(part.substr(at, end - at));
            at = end == part.npos ? end : end + separator.size();
        }
    return out;
}

/// How folders of a side are told apart.
FolderPath key_of(const FolderPath& path, const FolderRules& rules)
{
    return rules.folds_inbox ? normal(path) : path;
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
        if (rules_[from].translate || !rules_[to].origin)
            return key_of(
                split_again(
                    rules_[from].translate ? rules_[from].translate(folder) : folder.path,
                    separators_[to]),
                rules_[to]);
        auto path = rules_[to].origin(key_of(folder.path, rules_[from]), known_separator(to));
        if (path) *path = key_of(*path, rules_[to]);
        return path;
    }

    /// A folder that is not there yet.
    [[nodiscard]] FolderInfo would_be(FolderPath path, Side side) const
    {
        FolderInfo folder;
        folder.separator = known_separator(side);
        folder.name = joined(path, folder.separator);
        folder.path = std::move(path);
        return folder;
    }

    /// Empty: nobody knows.
    [[nodiscard]] const std::string& separator(Side side) const { return separators_[side]; }

private:
    [[nodiscard]] std::string known_separator(Side side) const
    {
        return separators_[side].empty() ? "/" : separators_[side];
    }

    static std::string
    separator_of(const std::vector<FolderInfo>& folders, const FolderRules& rules)
    {
        if (!rules.separator.empty()) return rules.separator;
        for (const FolderInfo& folder : folders)
            if (!folder.separator.empty()) return folder.separator;
        return {};
    }

    const Both<FolderRules>& rules_;
    Both<std::string> separators_;
};

using ByPath = std::map<FolderPath, const FolderInfo*>;

ByPath by_own_path(const std::vector<FolderInfo>& folders, const FolderRules& rules)
{
    ByPath out;
    for (const FolderInfo& folder : folders)
        if (!folder.uses.has(FolderUse::not_selectable)) out[key_of(folder.path, rules)] = &folder;
    return out;
}

/// Such a name would become another one on the way there and back; the original passes it over,
/// too.
bool holds_separator(const FolderInfo& folder, const std::string& separator)
{
    return !separator.empty() && separator != "/" && separator != folder.separator
        && folder.name.find(separator) != std::string::npos;
}

/// The remote folders by what they are called here.
ByPath by_local_path(
    const std::vector<FolderInfo>& folders, const FolderRules& rules, const Translation& names,
    const Both<std::string>& repositories, std::vector<std::string>& warnings)
{
    ByPath out;
    const std::string& separator = names.separator(Side::left);
    for (const FolderInfo& folder : folders) {
        if (!takes_part(folder, rules)) continue;
        if (holds_separator(folder, separator)) {
            if (is_chosen(folder, rules))
                warnings.push_back(
                    "folder " + folder.name + " of repository " + repositories.right
                    + " is left out: its name holds \"" + separator
                    + "\", which separates folders in repository " + repositories.left
                    + "; another sep there (/) would let it in");
            continue;
        }
        const auto path = names.path(folder, Side::right);
        if (!path) continue;
        const auto [it, added] = out.try_emplace(*path, &folder);
        if (!added && (is_chosen(folder, rules) || is_chosen(*it->second, rules)))
            throw Error(
                Errc::config,
                "repository " + repositories.right + ": the folders " + it->second->name + " and "
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
/// there does not lead to it: then each run would make new folders, were it made.
std::optional<FolderInfo> remote_for(
    const FolderInfo& local, const Both<FolderRules>& rules, const Translation& names,
    const std::string& repository)
{
    auto remote = names.path(local, Side::left);
    if (!remote) return std::nullopt;
    auto would_be = names.would_be(*remote, Side::right);
    if (!may_take_part(would_be, rules.right)) return std::nullopt;
    if (names.path(would_be, Side::right) != key_of(local.path, rules.left)) {
        if (!rules.right.create || !is_chosen(would_be, rules.right)) return std::nullopt;
        throw Error(
            Errc::config,
            "INFINITE FOLDER CREATION DETECTED! Folder " + local.name + " of repository "
                + repository + " would become " + would_be.name
                + " on the other side, which has another name here; make both nametrans undo "
                  "each other");
    }
    return would_be;
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

/// What a file system that folds case takes for the same.
std::string folded(const FolderPath& path)
{
    std::string text;
    for (const auto& part : path)
        text += core::folded_case(part) + '\0';
    return text;
}

/// Two folders that would be one directory, before the second is made, or filled from the first.
void refuse_twins(
    const std::vector<FolderPath>& paths, const std::vector<FolderInfo>& there,
    const FolderRules& rules, const std::string& repository)
{
    if (!rules.folds_case) return;
    std::map<std::string, FolderPath> first;
    for (const FolderInfo& folder : there)
        first.emplace(folded(folder.path), folder.path);
    for (const FolderPath& path : paths) {
        const auto [it, is_new] = first.emplace(folded(path), path);
        if (!is_new && it->second != path)
            throw Error(
                Errc::config,
                "repository " + repository + ": the folders " + joined(it->second, "/") + " and "
                    + joined(path, "/")
                    + " would be one directory, as this file system does not tell small letters "
                      "from capitals; rename one of them on the server, or with nametrans, or "
                      "leave "
                      "one out");
    }
}

/// Takes in the pairs that a run is about.
class PairCollector {
public:
    PairCollector(const Both<FolderRules>& rules, const std::set<std::string>& known, Pairing& out)
        : rules_(rules), known_(known), out_(out)
    {
    }

    /// `remote`: of two, the right one.
    void add(const FolderPath& local, FolderPair pair, const FolderInfo& remote)
    {
        if (is_chosen(remote, rules_.right)) keep(local, std::move(pair));
    }
    /// `remote`: as it is, or would be.
    void add_lacking(Side on, const FolderPath& local, FolderPair pair, const FolderInfo& remote)
    {
        const bool may_be_made = rules_[on].create;
        pair.is_chosen = may_be_made && is_chosen(remote, rules_.right);
        if (!pair.is_chosen && !known_.contains(pair.status_name)) return;
        WantedFolder wanted {
            on, on == Side::left ? local : remote.path, pair.name, pair.status_name, may_be_made};
        if (!may_be_made) {
            not_to_be_made_.emplace_back(std::move(pair), std::move(wanted));
            return;
        }
        keep(local, std::move(pair));
        out_.wanted.push_back(std::move(wanted));
    }
    /// Unless the records that tell of it are another one's.
    void add_those_not_to_be_made()
    {
        for (auto& [pair, wanted] : not_to_be_made_) {
            if (!memories_.insert(pair.status_name).second) continue;
            out_.pairs.push_back(std::move(pair));
            out_.wanted.push_back(std::move(wanted));
        }
    }
    const std::vector<FolderPath>& locals() const noexcept { return locals_; }

private:
    void keep(const FolderPath& local, FolderPair pair)
    {
        locals_.push_back(local);
        if (!memories_.insert(pair.status_name).second)
            throw Error(
                Errc::config,
                "folder " + pair.name + ": its records would be kept in the same file ("
                    + pair.status_name + ") as another folder's; rename one of them");
        out_.pairs.push_back(std::move(pair));
    }

    const Both<FolderRules>& rules_;
    const std::set<std::string>& known_;
    Pairing& out_;
    std::set<std::string> memories_;
    std::vector<FolderPath> locals_;
    std::vector<std::pair<FolderPair, WantedFolder>> not_to_be_made_;
};

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
    const Both<std::string>& repositories, const std::set<std::string>& known)
{
    Pairing out;
    const auto left = by_own_path(folders.left, rules.left);
    const Translation names(folders, rules);
    const auto right = by_local_path(folders.right, rules.right, names, repositories, out.warnings);
    const auto there = by_own_path(folders.right, rules.right);
    PairCollector pairs(rules, known, out);
    for (const auto& [local, remote] : right) {
        const auto it = left.find(local);
        if (it == left.end())
            pairs.add_lacking(Side::left, local, make_pair(local, nullptr, remote), *remote);
        else if (takes_part(*it->second, rules.left))
            pairs.add(local, make_pair(local, it->second, remote), *remote);
    }
    for (const auto& [local, folder] : left) {
        if (right.contains(local) || !takes_part(*folder, rules.left)) continue;
        if (!rules.right.create && !known.contains(status_name(local))) continue;
        const auto remote = remote_for(*folder, rules, names, repositories.left);
        if (remote && !there.contains(remote->path))
            pairs.add_lacking(Side::right, local, make_pair(local, folder, nullptr), *remote);
    }
    pairs.add_those_not_to_be_made();
    refuse_twins(pairs.locals(), folders.left, rules.left, repositories.left);
    sort_for_people(out.pairs);
    if (rules.right.order) sort_as_asked(out.pairs, rules.right);
    return out;
}

}  // namespace offlineimap::sync
