// SPDX-License-Identifier: Apache-2.0
#include "watch_list.hpp"

#include <utility>

namespace offlineimap::imap {

namespace {

std::vector<FolderIndex> chosen(const FolderTable& table, std::span<const FolderPath> paths)
{
    std::vector<FolderIndex> indexes;
    for (const auto& path : paths) {
        const auto index = table.find(path);
        if (!index)
            throw Error(
                Errc::not_found,
                "watch " + (path.empty() ? std::string("a folder") : path.back())
                    + ": there is no such folder");
        indexes.push_back(*index);
    }
    if (paths.empty())
        for (FolderIndex index = 0; index < table.all().size(); ++index)
            indexes.push_back(index);
    return indexes;
}

}  // namespace

WatchList::WatchList(Context& context, std::span<const FolderPath> paths) : context_(context)
{
    for (const auto index : chosen(context.folders, paths)) {
        const auto folder = context.folders.at(index);
        by_wire_.emplace(key_of(folder.wire), entries_.size());
        entries_.push_back({index, folder.wire, folder.path, folder.told, folder.announced, false});
    }
}

void WatchList::seen(std::size_t at, const MailboxStatus& status)
{
    auto& entry = entries_.at(at);
    const bool is_news = !entry.known.uid_validity || differ(entry.known, status);
    // A server whose STATUS is never what its SELECT says must not call us for ever.
    const bool is_old_news = entry.announced.uid_validity && !differ(entry.announced, status);
    if (is_news && !is_old_news) {
        touch(at);
        context_.folders.set_announced(entry.index, status);
    }
    entry.known = status;
}

void WatchList::seen(const MailboxStatus& status)
{
    if (const auto at = by_wire_.find(key_of(status.name)); at != by_wire_.end())
        seen(at->second, status);
}

void WatchList::touch(std::size_t at)
{
    entries_.at(at).touched = news_ = true;
}

void WatchList::touch(std::string_view wire)
{
    if (const auto at = by_wire_.find(key_of(wire)); at != by_wire_.end()) touch(at->second);
}

void WatchList::touch_all()
{
    for (std::size_t at = 0; at < entries_.size(); ++at)
        touch(at);
}

void WatchList::touch_tree()
{
    tree_touched_ = news_ = true;
}

void WatchList::report(WatchSink& sink)
{
    news_ = false;
    if (std::exchange(tree_touched_, false)) sink.touched({});
    for (auto& entry : entries_)
        if (std::exchange(entry.touched, false)) sink.touched(entry.path);
}

}  // namespace offlineimap::imap
