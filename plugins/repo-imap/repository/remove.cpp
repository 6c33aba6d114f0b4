// SPDX-License-Identifier: Apache-2.0
#include "edits.hpp"

#include "folder_edit.hpp"

#include <map>

namespace offlineimap::imap {

namespace {

class Removal final : public FolderEdit {
public:
    Removal(Context& context, FolderIndex folder, ResultSink& sink)
        : FolderEdit(context, folder), sink_(sink)
    {
    }

    void add(EditItem item) { items_.push_back(item); }

    void report() override
    {
        for (const auto& item : items_) {
            if (objection())
                sink_.failed(item.index, *objection());
            else if (const auto* refused = first_refusal())
                sink_.failed(item.index, refusal(what("remove messages of"), refused->answer()));
            else if (is_untold_)
                sink_.failed(item.index, untold());
            else
                sink_.done(item.index);
        }
    }

private:
    void send_changes() override
    {
        const auto uids = uids_of(items_);
        const auto pieces = uids.split(max_set_text);
        for (const auto& piece : pieces)
            send("UID STORE " + piece.text() + " +FLAGS.SILENT (\\Deleted)");
        if (context_.preferences.expunge == Expunge::no) return;
        if (!context_.has("UIDPLUS")) {
            expunge_if_ours(uids);
            return;
        }
        for (const auto& piece : pieces)
            send("UID EXPUNGE " + piece.text());
    }

    /// A plain EXPUNGE takes along what other clients marked: only if there is nothing of theirs.
    void expunge_if_ours(const UidSet& ours)
    {
        SearchCommand deleted;
        context_.connection.send("UID SEARCH DELETED", deleted);
        context_.connection.wait([&deleted] { return deleted.done(); });
        if (first_refusal()) return;
        // RFC 3501 section 7.2.5: it says so where there are none.
        is_untold_ = deleted.answer().ok() && !deleted.has_result();
        if (is_untold_ || (deleted.answer().ok() && deleted.found().empty())) return;
        bool only_ours = deleted.answer().ok();
        for (const auto range : deleted.found().ranges())
            for (std::uint64_t uid = range.first; uid <= range.last && only_ours; ++uid)
                only_ours = ours.contains(static_cast<Uid>(uid));
        if (only_ours)
            send("EXPUNGE");
        else
            context_.connection.host().log(
                Level::warning,
                what("expunge")
                    + ": messages are marked as deleted there that were not deleted "
                      "here, and the server cannot expunge some alone; left as they are");
    }

    [[nodiscard]] Error untold() const
    {
        return {
            Errc::rejected, Scope::message, Retry::later,
            what("remove messages of")
                + ": server does not tell which messages are marked as deleted there, and cannot "
                  "expunge some alone"};
    }

    void send(const std::string& line) { context_.connection.send(line, commands_.emplace_back()); }

    [[nodiscard]] const PlainCommand* first_refusal() const
    {
        for (const auto& command : commands_)
            if (command.done() && !command.answer().ok()) return &command;
        return nullptr;
    }

    ResultSink& sink_;
    std::vector<EditItem> items_;
    std::deque<PlainCommand> commands_;
    bool is_untold_ = false;
};

}  // namespace

void remove_messages(Context& context, std::span<const MessageRef> messages, ResultSink& sink)
{
    std::vector<std::unique_ptr<FolderEdit>> edits;
    std::map<FolderIndex, Removal*> by_folder;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        const auto uid = parse_uid(messages[i].id.value);
        if (!uid) {  // never was there, so it is gone
            sink.done(i);
            continue;
        }
        auto& edit = by_folder[messages[i].folder];
        if (!edit) {
            auto made = std::make_unique<Removal>(context, messages[i].folder, sink);
            edit = made.get();
            edits.push_back(std::move(made));
        }
        edit->add({*uid, i});
    }
    run_edits(context, edits);
}

}  // namespace offlineimap::imap
