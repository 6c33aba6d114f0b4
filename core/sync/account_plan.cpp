// SPDX-License-Identifier: Apache-2.0
#include "account_plan.hpp"

#include "fetch_all.hpp"

#include <algorithm>
#include <map>

namespace offlineimap::sync {
namespace {

using Kind = PlannedAction::Kind;
using Words = std::vector<std::string>;

constexpr struct {
    Flag flag;
    const char* name;
} flag_names[] {{Flag::seen, "\\Seen"},       {Flag::answered, "\\Answered"},
                {Flag::flagged, "\\Flagged"}, {Flag::deleted, "\\Deleted"},
                {Flag::draft, "\\Draft"},     {Flag::forwarded, "$Forwarded"}};

void add_flags(Words& words, Set<Flag> flags, const char* sign = "")
{
    for (const auto& [flag, name] : flag_names)
        if (flags.has(flag)) words.push_back(std::string(sign) + name);
}

Words words_of_change(const MarksChange& change)
{
    Words words;
    add_flags(words, change.add, "+");
    add_flags(words, change.drop, "-");
    for (const auto& keyword : change.add_keywords)
        words.push_back("+" + keyword);
    for (const auto& keyword : change.drop_keywords)
        words.push_back("-" + keyword);
    return words;
}

PlannedAction action(Kind kind, std::optional<Side> side, const Both<MessageId>& id)
{
    PlannedAction action;
    action.kind = kind;
    action.side = side;
    action.id = {id.left.value, id.right.value};
    return action;
}

/// The sizes of messages that are to be copied, which no listing tells.
class Sizer final : public FetchSink {
public:
    explicit Sizer(std::vector<PlannedAction*> actions) : actions_(std::move(actions)) { }
    void begin(std::size_t index, const Message& message, std::uint64_t) override
    {
        if (message.size != 0) actions_[index]->size = message.size;
    }
    bool data(Bytes) override { return true; }
    void end() override { }
    void failed(std::size_t, const Error&) override { }

private:
    std::vector<PlannedAction*> actions_;
};

/// Gathers the actions of a plan by their folder.
class Describer {
public:
    explicit Describer(SyncContext& context) : context_(context), describe_(context) { }

    void folders_to_make()
    {
        for (PairIndex i = 0; i < context_.pairs.size(); ++i)
            for (const Side side : both_sides)
                if (context_.pairs[i].folder[side].path.empty() && !context_.pairs[i].stays_gone)
                    actions_[i].push_back(action(Kind::create, side, {}));
    }
    template <class Item> void add(const std::vector<Item>& items)
    {
        for (const Item& item : items)
            actions_[item.pair].push_back(describe_(item));
    }
    void add_held_back(const std::vector<Removal>& removals)
    {
        for (const Removal& removal : removals) {
            actions_[removal.pair].push_back(describe_(removal));
            actions_[removal.pair].back().held_back = true;
        }
    }
    void ask_sizes()
    {
        for (const Side from : both_sides) {
            std::vector<MessageRef> refs;
            std::vector<PlannedAction*> copies;
            for (auto& [pair, actions] : actions_)
                for (auto& one : actions)
                    if (one.kind == Kind::copy && one.side == other(from)) {
                        refs.push_back({context_.folder(pair, from), {one.id[from]}});
                        copies.push_back(&one);
                    }
            Sizer sizer(std::move(copies));
            fetch_all(*context_.sessions[from], refs, Part::facts, sizer);
        }
    }
    AccountPlan take()
    {
        AccountPlan out {
            context_.report.account(),
            {context_.repository(Side::left), context_.repository(Side::right)},
            {}};
        for (auto& [index, actions] : actions_) {
            const FolderPair& pair = context_.pairs[index];
            out.folders.push_back(
                {pair.status_name,
                 {pair.folder.left.name, pair.folder.right.name},
                 {pair.folder.left.epoch, pair.folder.right.epoch},
                 {pair.folder.left.token, pair.folder.right.token},
                 std::move(actions)});
        }
        return out;
    }

private:
    SyncContext& context_;
    const Describe describe_;
    std::map<PairIndex, std::vector<PlannedAction>> actions_;
};

std::string joined(const Words& words, const char* between = " ")
{
    std::string text;
    for (const auto& word : words) {
        if (!text.empty()) text += between;
        text += word;
    }
    return text;
}

/// Cannot be mistaken for another list of pieces, whatever bytes they hold.
void add_piece(std::string& text, const std::string& piece)
{
    text += std::to_string(piece.size()) + ':' + piece;
}

}  // namespace

std::vector<std::string> Describe::names(const Marks& marks) const
{
    Words words;
    add_flags(words, marks.flags);
    const auto& keywords = context_.keywords[marks.keywords];
    words.insert(words.end(), keywords.begin(), keywords.end());
    return words;
}

PlannedAction Describe::operator()(const Adoption& adoption) const
{
    auto out = action(Kind::adopt, {}, adoption.known.id);
    out.marks = {names(adoption.known.marks), names(adoption.known.marks)};
    return out;
}

PlannedAction Describe::operator()(const Twin& twin) const
{
    auto out = action(Kind::join, Side::left, twin.id);
    out.marks = {names(twin.marks.left), names(twin.marks.right)};
    return out;
}

PlannedAction Describe::operator()(const Forgotten& forgotten) const
{
    return action(Kind::forget, {}, {{}, forgotten.right});
}

PlannedAction Describe::operator()(const Copy& copy) const
{
    PlannedAction out;
    out.kind = Kind::copy;
    out.side = copy.to;
    out.id[other(copy.to)] = copy.id.value;
    out.marks[other(copy.to)] = names(copy.marks);
    return out;
}

PlannedAction Describe::operator()(const Transfer& transfer) const
{
    auto out = action(Kind::move, transfer.on, transfer.id);
    out.to = context_.pairs[transfer.to].status_name;
    out.to_name = context_.pairs[transfer.to].folder[transfer.on].name;
    out.arrived = transfer.arrived.value;
    out.marks[transfer.on] = names(transfer.now);
    out.marks[other(transfer.on)] = names(transfer.arrived_marks);
    return out;
}

PlannedAction Describe::operator()(const Edit& edit) const
{
    auto out = action(Kind::mark, {}, edit.id);
    out.marks = {words_of_change(edit.change.left), words_of_change(edit.change.right)};
    return out;
}

PlannedAction Describe::operator()(const Removal& removal) const
{
    auto out = action(Kind::remove, removal.from, removal.id);
    out.marks[removal.from] = names(removal.now);
    return out;
}

AccountPlan describe(SyncContext& context, const Plan& plan, Sizes sizes)
{
    Describer describer(context);
    describer.folders_to_make();
    describer.add(plan.adoptions);
    describer.add(plan.superseded);
    describer.add(plan.twins);
    describer.add(plan.forgotten);
    describer.add(plan.copies);
    describer.add(plan.transfers);
    describer.add(plan.edits);
    describer.add(plan.removals);
    describer.add_held_back(plan.held_back);
    if (sizes == Sizes::ask) describer.ask_sizes();
    return describer.take();
}

std::string words_of(const PlannedAction& action)
{
    std::string text = std::to_string(static_cast<int>(action.kind));
    text += !action.side ? '-' : *action.side == Side::left ? 'l' : 'r';
    for (const auto* piece : {&action.id.left, &action.id.right, &action.to, &action.arrived})
        add_piece(text, *piece);
    for (const Side side : both_sides) {
        text += ' ';
        for (const auto& mark : action.marks[side])
            add_piece(text, mark);
    }
    return text;
}

std::string sentence(
    const PlannedAction& action, const PlannedFolder& folder, const Both<std::string>& repositories)
{
    const Side side = action.side.value_or(Side::right);
    const auto place = [&](Side of) { return repositories[of] + ":" + folder.name[of]; };
    const auto message = [&](Side of) { return " message " + action.id[of] + " "; };
    switch (action.kind) {
    case Kind::create:
        return "Create folder " + place(side);
    case Kind::adopt:
        return "Record" + message(Side::right) + "as equal in " + place(Side::left) + " and "
            + place(Side::right);
    case Kind::join:
        return "Recognise message " + action.id.left + " in " + place(Side::left) + " as "
            + action.id.right + " in " + place(Side::right);
    case Kind::forget:
        return "Forget" + message(Side::right) + "of " + place(Side::right)
            + ", removed on both sides";
    case Kind::copy:
        return "Copy" + message(other(side)) + place(other(side)) + " -> " + place(side);
    case Kind::move:
        return "Move" + message(side) + place(side) + " -> " + repositories[side] + ":"
            + action.to_name;
    case Kind::remove:
        return "Delete" + message(side) + "in " + place(side)
            + (action.held_back ? " (held back by max_deletes)" : "");
    case Kind::mark:
        break;
    }
    Words changes;
    for (const Side of : both_sides)
        if (!action.marks[of].empty())
            changes.push_back(
                "Mark" + message(of) + "in " + place(of) + ": " + joined(action.marks[of]));
    return joined(changes, "; ");
}

}  // namespace offlineimap::sync
