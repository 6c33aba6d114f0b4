// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include "text.hpp"

#include <cerrno>

// Edits go folder by folder: the files are renamed or unlinked one by one, then the directories are
// flushed once, and only then is each item reported.

namespace offlineimap::maildir {
namespace {

using Outcome = std::optional<Error>;  ///< nothing = done

Outcome outcome_of(int error, const OpenFolder& open, const MessageId& id, std::string_view verb)
{
    if (error == 0) return std::nullopt;
    return system_error(
        error, Scope::message,
        concat(verb, " message ", id.value, " in ", open.directories().path));
}

const MessageRef& ref_of(const MessageRef& item) noexcept
{
    return item;
}
const MessageRef& ref_of(const auto& item) noexcept
{
    return item.message;
}

/// How many items from the start on are in the first one's folder.
template <class Item> std::size_t same_folder(std::span<const Item> items) noexcept
{
    std::size_t count = 0;
    while (count < items.size() && ref_of(items[count]).folder == ref_of(items[0]).folder)
        ++count;
    return count;
}

/// `act(OpenFolder&, const Item&)` for the items of one folder, and the flush behind them.
template <class Item, class Act>
std::vector<Outcome>
edit_folder(Shared& shared, const Cancel& cancel, std::span<const Item> items, Act& act)
{
    std::vector<Outcome> outcomes;
    outcomes.reserve(items.size());
    try {
        OpenFolder open(shared, ref_of(items[0]).folder, cancel);
        for (const Item& item : items) {
            cancel.check();
            outcomes.push_back(act(open, item));
        }
        open.flush();
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        outcomes.assign(items.size(), error);
    }
    return outcomes;
}

template <class Item, class Act>
void edit(
    Shared& shared, const Cancel& cancel, std::span<const Item> items, ResultSink& sink, Act act)
{
    for (std::size_t done = 0; done < items.size();) {
        const auto rest = items.subspan(done);
        for (const Outcome& outcome :
             edit_folder(shared, cancel, rest.first(same_folder(rest)), act)) {
            if (outcome)
                sink.failed(done, *outcome);
            else
                sink.done(done);
            ++done;
        }
    }
}

Outcome refusal(Errc code, std::string_view id, const OpenFolder& open, std::string_view why)
{
    return Error(
        code, Scope::message, Retry::never,
        concat("give id ", id, " in ", open.directories().path, ": ", why));
}

/// The name with other marks; the stem that mail readers know stays. 0 = with none.
std::string
with_marks(std::string_view name, std::uint64_t uid, const Folder& folder, InfoSeparator separator)
{
    const std::string_view base = split_name(name, separator).base;
    return concat(
        without_marks(base), uid == 0 ? "" : marks(uid, folder.md5), name.substr(base.size()));
}

/// For when the stem cannot stay: another file has that name, or the name gets too long.
std::string
with_new_stem(std::string_view name, std::uint64_t uid, const Folder& folder, Shared& shared)
{
    const std::string_view base = split_name(name, shared.options.info_separator).base;
    return concat(
        shared.stems.next(), uid == 0 ? "" : marks(uid, folder.md5), name.substr(base.size()));
}

bool needs_new_stem(int error) noexcept
{
    return error == EEXIST || error == ENAMETOOLONG;
}

int change_letters(Shared& shared, OpenFolder& open, const Update& update, const Place& from)
{
    const InfoSeparator separator = shared.options.info_separator;
    const FlagLetters& letters = open.letters();
    const NameParts parts = split_name(from.name, separator);
    const std::string now = letters.updated(parts.letters, update);
    if (now == letters.updated(parts.letters, {})) return 0;
    const bool seen = now.find('S') != std::string::npos;
    Place to {
        seen ? Subdirectory::cur : Subdirectory::fresh,
        with_info(parts.base, separator, concat(now, parts.tail))};
    const MessageId& id = update.message.id;
    const int error = open.rename(id, from, to);
    const auto uid = uid_of(id);
    // A new message is known by its stem, which therefore has to stay.
    if (!needs_new_stem(error) || !uid) return error;
    to.name = with_new_stem(to.name, *uid, open.folder(), shared);
    return open.rename(id, from, to);
}

int change_id(
    Shared& shared, OpenFolder& open, const MessageId& id, std::uint64_t uid, const Place& from)
{
    const InfoSeparator separator = shared.options.info_separator;
    Place to {from.where, with_marks(from.name, uid, open.folder(), separator)};
    const int error = open.assign(id, uid, from, to);
    if (!needs_new_stem(error)) return error;
    to.name = with_new_stem(from.name, uid, open.folder(), shared);
    return open.assign(id, uid, from, to);
}

/// The name with the letters that mean the same in the other folder.
std::string in_other_letters(
    const Shared& shared, const OpenFolder& from, OpenFolder& to, const std::string& name)
{
    if (shared.options.keyword_file == KeywordFile::none) return name;
    const auto separator = shared.options.info_separator;
    const NameParts parts = split_name(name, separator);
    if (!parts.has_info) return name;
    to.need_letters(from.letters().keywords(parts.letters));
    to.want_letters(from.letters().flags(parts.letters));
    const auto letters = from.letters().translated(parts.letters, to.letters());
    return with_info(parts.base, separator, concat(letters, parts.tail));
}

struct Moved {
    int error = 0;
    std::string name;  ///< in the other folder
};

Moved carry(
    Shared& shared, OpenFolder& from, OpenFolder& to, const MessageId& id, std::uint64_t uid)
{
    Moved moved;
    moved.error = from.with_file(id, [&](const Place& place) {
        const int source = from.directories().at(place.where);
        const int target = to.directories().at(place.where);
        const std::string name = in_other_letters(shared, from, to, place.name);
        moved.name = with_marks(name, uid, to.folder(), shared.options.info_separator);
        int error = rename_file(source, place.name, target, moved.name);
        if (needs_new_stem(error)) {
            moved.name = with_new_stem(name, uid, to.folder(), shared);
            error = rename_file(source, place.name, target, moved.name);
        }
        if (error != 0) return error;
        shared.notes.note("moved", to.path_of({place.where, moved.name}), from.path_of(place));
        from.forget(id, place);
        to.touch(place.where);
        return 0;
    });
    return moved;
}

struct Arrival {
    Outcome failure;
    MessageId id;
};

Arrival move_one(Shared& shared, OpenFolder& from, OpenFolder& to, const Move& move)
{
    const auto uid = move.new_id.empty() ? std::optional<std::uint64_t>(0) : uid_of(move.new_id);
    if (!uid) return {refusal(Errc::rejected, move.new_id.value, to, "it is no number"), {}};
    if (*uid != 0 && to.has_uid(*uid))
        return {refusal(Errc::exists, move.new_id.value, to, "another message has it"), {}};
    const MessageId& id = move.message.id;
    Moved moved;
    try {
        moved = carry(shared, from, to, id, *uid);
    } catch (const Error& refused) {
        if (refused.scope() > Scope::message) throw;
        return {refused, {}};
    }
    if (moved.error != 0) return {outcome_of(moved.error, from, id, "move"), {}};
    if (*uid != 0) return {std::nullopt, move.new_id};
    return {std::nullopt, id_of_base(split_name(moved.name, shared.options.info_separator).base)};
}

/// Moves that have both folders in common.
std::vector<Arrival> move_run(Shared& shared, const Cancel& cancel, std::span<const Move> moves)
{
    std::vector<Arrival> arrivals;
    arrivals.reserve(moves.size());
    try {
        OpenFolder from(shared, moves[0].message.folder, cancel);
        OpenFolder to(shared, moves[0].to, cancel);
        for (const Move& move : moves) {
            cancel.check();
            arrivals.push_back(move_one(shared, from, to, move));
        }
        to.flush();
        from.flush();
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        arrivals.assign(moves.size(), Arrival {error, {}});
    }
    return arrivals;
}

std::size_t same_folders(std::span<const Move> moves) noexcept
{
    std::size_t count = 0;
    while (count < moves.size() && moves[count].to == moves[0].to
           && moves[count].message.folder == moves[0].message.folder)
        ++count;
    return count;
}

}  // namespace

void MaildirSession::update(std::span<const Update> updates, ResultSink& sink)
{
    edit(
        shared_, cancel_, updates, sink, [this](OpenFolder& open, const Update& update) -> Outcome {
            const MessageId& id = update.message.id;
            try {
                open.need_letters(update.add_keywords);
                open.want_letters(update.add);
            } catch (const Error& refused) {
                if (refused.scope() > Scope::message) throw;
                return refused;
            }
            const int error = open.with_file(
                id, [&](const Place& from) { return change_letters(shared_, open, update, from); });
            return outcome_of(error, open, id, "change flags of");
        });
}

void MaildirSession::remove(std::span<const MessageRef> messages, ResultSink& sink)
{
    edit(shared_, cancel_, messages, sink, [](OpenFolder& open, const MessageRef& message) {
        const int error = open.with_file(
            message.id, [&](const Place& from) { return open.remove(message.id, from); });
        return outcome_of(error == ENOENT ? 0 : error, open, message.id, "remove");
    });
}

void MaildirSession::assign(std::span<const Assign> assigns, ResultSink& sink)
{
    edit(shared_, cancel_, assigns, sink, [this](OpenFolder& open, const Assign& item) -> Outcome {
        const auto uid = uid_of(item.id);
        if (!uid) return refusal(Errc::rejected, item.id.value, open, "it is no number");
        bool taken = false;
        const MessageId& id = item.message.id;
        const int error = open.with_file(id, [&](const Place& from) {
            if (item.id == id) return 0;
            taken = open.has_uid(*uid);
            return taken ? 0 : change_id(shared_, open, id, *uid, from);
        });
        if (taken) return refusal(Errc::exists, item.id.value, open, "another message has it");
        return outcome_of(error, open, id, "give an id to");
    });
}

void MaildirSession::move(std::span<const Move> moves, StoreSink& sink)
{
    for (std::size_t done = 0; done < moves.size();) {
        const auto rest = moves.subspan(done);
        for (const Arrival& arrival : move_run(shared_, cancel_, rest.first(same_folders(rest)))) {
            if (arrival.failure)
                sink.failed(done, *arrival.failure);
            else
                sink.stored(done, arrival.id);
            ++done;
        }
    }
}

}  // namespace offlineimap::maildir
