// SPDX-License-Identifier: Apache-2.0
#include "folder_edit.hpp"

namespace offlineimap::imap {

namespace {

/// Of one search: servers send one, or a handful.
constexpr unsigned max_results = 1000;
/// Ranges in all of them.
constexpr std::size_t max_ranges = 1'000'000;

}  // namespace

void SearchCommand::search(const SearchResult& result)
{
    const bool are_too_many = ++results_ > max_results || result.all.ranges().size() > max_ranges;
    if (!are_too_many) found_.add(result.all);
    if (are_too_many || found_.ranges().size() > max_ranges)
        throw Error(Errc::protocol, "search messages: the server finds more than there can be");
}

UidSet uids_of(const std::vector<EditItem>& items)
{
    std::vector<Uid> uids;
    uids.reserve(items.size());
    for (const auto& item : items)
        uids.push_back(item.uid);
    return UidSet(std::move(uids));
}

FolderEdit::FolderEdit(Context& context, FolderIndex folder)
    : context_(context), folder_(context.folders.at(folder))
{
}

void FolderEdit::select()
{
    auto& connection = context_.connection;
    connection.send(select_line(context_, Access::select, folder_.wire), select_);
}

void FolderEdit::apply()
{
    objection_ = find_objection();
    if (!objection_) send_changes();
}

std::optional<Error> FolderEdit::find_objection() const
{
    if (!select_.ok()) return refusal(what("open"), select_.answer());
    if (folder_.epoch.empty() || select_.epoch() != folder_.epoch)
        return wrong_epoch(what("change"), select_, folder_.epoch);
    if (is_another_folder(folder_.told, select_.mailbox()))
        return Error(
            Errc::epoch_changed,
            what("change") + ": there is another folder under this name now (MAILBOXID)");
    if (select_.read_only())
        return Error(Errc::permission, what("change") + ": the server opens it read-only");
    return std::nullopt;
}

std::string FolderEdit::what(std::string_view verb) const
{
    return std::string(verb) + ' ' + context_.where(folder_);
}

void FolderEdit::search_present(const UidSet& uids, std::deque<SearchCommand>& searches)
{
    const std::string verb =
        context_.has("ESEARCH") ? "UID SEARCH RETURN (ALL) UID " : "UID SEARCH UID ";
    for (const auto& piece : uids.split(max_set_text))
        context_.connection.send(verb + piece.text(), searches.emplace_back());
}

void run_edits(Context& context, const std::vector<std::unique_ptr<FolderEdit>>& edits)
{
    for (const auto& edit : edits) {
        edit->select();
        context.connection.wait([&edit] { return edit->selected(); });
        edit->apply();
    }
    context.connection.wait_below(1);
    for (const auto& edit : edits)
        edit->report();
}

}  // namespace offlineimap::imap
