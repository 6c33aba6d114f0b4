// SPDX-License-Identifier: Apache-2.0
#include "edits.hpp"

#include "folder_edit.hpp"
#include "new_uids.hpp"
#include "protocol/text.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

namespace offlineimap::imap {

namespace {

/// Where a message is now, and under which UIDVALIDITY.
struct NewUid {
    std::string validity;
    Uid uid = 0;
};
/// By the old UID.
using NewUids = std::unordered_map<Uid, NewUid>;

/// COPYUID comes untagged (RFC 6851 section 4.3), and Dovecot says that of all moves that wait
/// before it ends the first of them: what it tells is kept for all commands of a folder together.
class MoveCommand final : public PlainCommand {
public:
    /// `limit`: as many messages as are moved from the folder. `new_uids` outlives it.
    MoveCommand(std::size_t limit, NewUids& new_uids) : limit_(limit), new_uids_(new_uids) { }
    [[nodiscard]] Set<Data> wants() const noexcept override { return {Data::mailbox}; }
    void untagged(const StatusResponse& response) override { read_code(response.code); }
    void completed(const StatusResponse& response) override
    {
        read_code(response.code);
        PlainCommand::completed(response);
    }

private:
    void read_code(const ResponseCode& code)
    {
        if (!code.is("COPYUID")) return;
        const auto copied = copied_uids(code.arguments, limit_);
        for (const auto& [from, to] : copied.uids)
            if (new_uids_.size() < limit_) new_uids_[from] = {copied.validity, to};
    }

    std::size_t limit_;
    NewUids& new_uids_;
};

/// All that leaves one folder.
class FolderMoves final : public FolderEdit {
public:
    FolderMoves(Context& context, FolderIndex folder, StoreSink& sink)
        : FolderEdit(context, folder), sink_(sink)
    {
    }

    void add(FolderIndex to, EditItem item) { groups_[to].items.push_back(item); }

    void report() override
    {
        Sight seen;
        for (const auto& search : searches_)
            seen.before.add(search.found());
        for (const auto& search : searches_after_)
            seen.after.add(search.found());
        for (auto& [to, group] : groups_) {
            forget_incomplete(group, seen);
            for (const auto& item : group.items)
                report_item(to, group, item, seen);
        }
    }

private:
    struct Group {
        std::vector<EditItem> items;
        std::deque<MoveCommand> commands;
        std::vector<UidSet> pieces;  ///< what each command names
    };

    /// Which of the messages were there.
    struct Sight {
        UidSet before, after;
        [[nodiscard]] bool has_gone(Uid uid) const noexcept
        {
            return before.contains(uid) && !after.contains(uid);
        }
    };

    void send_changes() override
    {
        std::vector<EditItem> all;
        for (const auto& [to, group] : groups_)
            all.insert(all.end(), group.items.begin(), group.items.end());
        moved_ = all.size();
        search_present(uids_of(all), searches_);
        for (auto& [to, group] : groups_)
            send_group(context_.folders.at(to), group);
        search_present(uids_of(all), searches_after_);  // an OK alone moves nothing
    }

    void send_group(const Folder& to, Group& group)
    {
        group.pieces = uids_of(group.items).split(max_set_text);
        for (const auto& piece : group.pieces) {
            CommandLine line(context_.connection.literals(), "UID MOVE " + piece.text());
            context_.connection.add_name(line, to.wire);
            context_.connection.send(line, group.commands.emplace_back(moved_, new_uids_));
        }
    }

    /// Of the command that names the message.
    [[nodiscard]] static std::size_t place_of(const Group& group, Uid uid)
    {
        std::size_t i = 0;
        while (!group.pieces.at(i).contains(uid))
            ++i;
        return i;
    }

    /// New UIDs for some of the messages that went and not for all: nobody can tell whose they are.
    void forget_incomplete(const Group& group, const Sight& seen)
    {
        for (const auto& piece : group.pieces) {
            std::vector<Uid> went;
            for (const auto range : piece.ranges())
                for (std::uint64_t uid = range.first; uid <= range.last; ++uid)
                    if (seen.has_gone(static_cast<Uid>(uid))) went.push_back(static_cast<Uid>(uid));
            const auto is_told = [this](Uid uid) { return new_uids_.contains(uid); };
            if (!std::all_of(went.begin(), went.end(), is_told))
                for (const Uid uid : went)
                    new_uids_.erase(uid);
        }
    }

    void report_item(FolderIndex to, const Group& group, const EditItem& item, const Sight& seen)
    {
        if (objection()) {
            sink_.failed(item.index, *objection());
            return;
        }
        const auto& answer = group.commands.at(place_of(group, item.uid)).answer();
        const auto text = "move message " + std::to_string(item.uid) + " of "
            + context_.where(folder_) + " to " + printable(context_.folders.at(to).wire);
        // Counts more than what is there: Dovecot 2.3 still finds what it has just moved.
        const auto moved = new_uids_.find(item.uid);
        if (moved != new_uids_.end())
            sink_.stored(item.index, new_id(to, moved->second));
        else if (!answer.ok())
            sink_.failed(item.index, message_refusal(text, answer));
        else if (seen.after.contains(item.uid))
            sink_.failed(
                item.index,
                Error(
                    Errc::rejected, Scope::message, Retry::later,
                    text + ": server answered OK, but it is still there"));
        else if (seen.before.contains(item.uid))
            sink_.stored(item.index, {});
        else
            sink_.failed(
                item.index,
                Error(Errc::not_found, Scope::message, Retry::never, text + ": it is gone"));
    }

    [[nodiscard]] MessageId new_id(FolderIndex to, const NewUid& moved) const
    {
        const bool is_believed =
            are_believed(context_.folders, to, moved.validity, std::span(&moved.uid, 1));
        return is_believed ? MessageId {std::to_string(moved.uid)} : MessageId {};
    }

    StoreSink& sink_;
    std::map<FolderIndex, Group> groups_;
    std::deque<SearchCommand> searches_, searches_after_;
    NewUids new_uids_;
    std::size_t moved_ = 0;  ///< how many messages
};

}  // namespace

void move_messages(Context& context, std::span<const Move> moves, StoreSink& sink)
{
    std::vector<std::unique_ptr<FolderEdit>> edits;
    std::map<FolderIndex, FolderMoves*> by_folder;
    for (std::size_t i = 0; i < moves.size(); ++i) {
        const auto& ref = moves[i].message;
        const auto uid = parse_uid(ref.id.value);
        if (!uid) {
            sink.failed(
                i,
                Error(
                    Errc::not_found, Scope::message, Retry::never,
                    "move a message: its id is no UID"));
            continue;
        }
        auto& edit = by_folder[ref.folder];
        if (!edit) {
            auto made = std::make_unique<FolderMoves>(context, ref.folder, sink);
            edit = made.get();
            edits.push_back(std::move(made));
        }
        edit->add(moves[i].to, {*uid, i});
    }
    run_edits(context, edits);
}

}  // namespace offlineimap::imap
