// SPDX-License-Identifier: Apache-2.0
#include "edits.hpp"

#include "folder_edit.hpp"
#include "protocol/text.hpp"

#include <map>
#include <tuple>

namespace offlineimap::imap {

namespace {

/// What is to be done to a message, as the arguments of STORE. Equal ones share a command.
using Change = std::vector<std::string>;

std::string label_list(const std::vector<std::string>& labels)
{
    CommandLine line(LiteralMode::plus, "");
    for (const auto& label : labels) {
        if (label.starts_with('\\'))  // a system label is an atom: \Inbox
            line.raw(' ' + label);
        else
            line.string(label);
    }
    const auto& text = line.parts().front();
    return text.empty() ? text : text.substr(1);
}

Change change_of(const Context& context, const Update& update)
{
    Change change;
    const auto put = [&change](std::string_view item, const std::string& list) {
        if (!list.empty()) change.push_back(std::string(item) + " (" + list + ')');
    };
    put("+FLAGS.SILENT", flag_text(update.add, update.add_keywords));
    put("-FLAGS.SILENT", flag_text(update.drop, update.drop_keywords));
    if (!context.uses_labels()) return change;
    put("+X-GM-LABELS.SILENT", label_list(update.add_labels));
    put("-X-GM-LABELS.SILENT", label_list(update.drop_labels));
    return change;
}

class FlagEdit final : public FolderEdit {
public:
    FlagEdit(Context& context, FolderIndex folder, ResultSink& sink)
        : FolderEdit(context, folder), sink_(sink)
    {
    }

    void add(Change change, EditItem item) { groups_[std::move(change)].items.push_back(item); }

    void report() override
    {
        UidSet present;
        for (const auto& search : searches_)
            present.add(search.found());
        for (const auto& [change, group] : groups_)
            for (const auto& item : group.items)
                report_item(group, item, present);
    }

private:
    struct Group {
        std::vector<EditItem> items;
        std::deque<PlainCommand> stores;
    };

    void send_changes() override
    {
        std::vector<EditItem> all;
        for (auto& [change, group] : groups_) {
            send_group(change, group);
            all.insert(all.end(), group.items.begin(), group.items.end());
        }
        // STORE passes over messages that are gone without a word.
        search_present(uids_of(all), searches_);
    }

    void send_group(const Change& change, Group& group)
    {
        for (const auto& piece : uids_of(group.items).split(max_set_text))
            for (const auto& store : change)
                context_.connection.send(
                    "UID STORE " + piece.text() + ' ' + store, group.stores.emplace_back());
    }

    void report_item(const Group& group, const EditItem& item, const UidSet& present)
    {
        const auto text = [this, &item] {
            return "change flags of message " + std::to_string(item.uid) + " of "
                + context_.where(folder_);
        };
        if (objection()) {
            sink_.failed(item.index, *objection());
            return;
        }
        for (const auto& store : group.stores) {
            if (store.answer().ok()) continue;
            sink_.failed(item.index, message_refusal(text(), store.answer()));
            return;
        }
        if (present.contains(item.uid) || !searched_well())
            sink_.done(item.index);
        else
            sink_.failed(
                item.index,
                Error(Errc::not_found, Scope::message, Retry::never, text() + ": it is gone"));
    }

    [[nodiscard]] bool searched_well() const
    {
        for (const auto& search : searches_)
            if (!search.answer().ok()) return false;
        return true;
    }

    ResultSink& sink_;
    std::map<Change, Group> groups_;
    std::deque<SearchCommand> searches_;
};

}  // namespace

void update_messages(Context& context, std::span<const Update> updates, ResultSink& sink)
{
    std::vector<std::unique_ptr<FolderEdit>> edits;
    std::map<FolderIndex, FlagEdit*> by_folder;
    for (std::size_t i = 0; i < updates.size(); ++i) {
        const auto& ref = updates[i].message;
        const auto uid = parse_uid(ref.id.value);
        if (!uid) {
            sink.failed(
                i,
                Error(
                    Errc::not_found, Scope::message, Retry::never,
                    "change flags of a message: its id is no UID"));
            continue;
        }
        auto& edit = by_folder[ref.folder];
        if (!edit) {
            auto made = std::make_unique<FlagEdit>(context, ref.folder, sink);
            edit = made.get();
            edits.push_back(std::move(made));
        }
        edit->add(change_of(context, updates[i]), {*uid, i});
    }
    run_edits(context, edits);
}

}  // namespace offlineimap::imap
