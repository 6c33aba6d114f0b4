// SPDX-License-Identifier: Apache-2.0
#include "mailbox.hpp"
#include "repository_checks.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

// Checks of changes(), update(), remove(), move(), assign() and watch().

namespace offlineimap::testkit {
namespace {

Update change_of(const MessageRef& message, Set<Flag> add, Set<Flag> drop)
{
    Update update;
    update.message = message;
    update.add = add;
    update.drop = drop;
    return update;
}

Set<Flag> flags_of(Visit& visit, const MessageRef& message)
{
    const FolderChanges found = visit.changes(message.folder);
    const auto entry = found.changed.find(message.id);
    require(entry != found.changed.end(), "a message that is there must be in a snapshot");
    return entry->second.flags;
}

void flags_are_added_and_dropped(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const auto storable = visit.changes(folder.index()).state.storable_flags;
    const Set<Flag> two = Set<Flag> {Flag::seen, Flag::flagged} & storable;
    const Set<Flag> one = Set<Flag> {Flag::answered} & storable;
    Message message;
    message.flags = one;
    const MessageRef ref {folder.index(), visit.append(folder.index(), letter("flags"), message)};
    require(flags_of(visit, ref) == one, "a message must be stored with its flags");
    for (int twice = 0; twice < 2; ++twice)
        require_good(visit.update(change_of(ref, two, {})), "adding flags");
    require(flags_of(visit, ref) == (one | two), "flags that are added must join those there");
    for (int twice = 0; twice < 2; ++twice)
        require_good(visit.update(change_of(ref, {}, one)), "dropping flags");
    require(flags_of(visit, ref) == two, "flags that are dropped must leave the others");
    require(
        !visit.fetch(ref.folder, ref.id).failure,
        "a message must be readable after its flags changed");
}

void every_storable_flag_is_stored(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const auto storable = visit.changes(folder.index()).state.storable_flags;
    const MessageRef ref {folder.index(), visit.append(folder.index(), letter("all flags"))};
    require_good(visit.update(change_of(ref, storable, {})), "adding every storable flag");
    require(flags_of(visit, ref) == storable, "every flag that is storable must be stored");
}

void keywords_are_kept(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const FolderState state = visit.changes(folder.index()).state;
    if (!state.any_keyword && state.storable_keywords.empty()) return;
    const std::string keyword =
        state.any_keyword ? "plugin-check" : state.storable_keywords.front();
    const MessageRef ref {folder.index(), visit.append(folder.index(), letter("keyword"))};
    Update update;
    update.message = ref;
    update.add_keywords = {keyword};
    require_good(visit.update(update), "adding a keyword");
    const FolderChanges found = visit.changes(folder.index());
    require(found.changed.at(ref.id).keywords == std::vector {keyword}, "a keyword must be kept");
}

void removing_twice_succeeds(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const MessageRef gone {folder.index(), visit.append(folder.index(), letter("gone"))};
    const MessageId there = visit.append(folder.index(), letter("there"));
    for (int twice = 0; twice < 2; ++twice)
        require_good(visit.remove(gone), "remove");
    require(
        visit.ids(folder.index()) == std::vector {there},
        "exactly what was asked for must be removed");
}

void updating_what_is_gone_is_not_found(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const MessageRef gone {folder.index(), visit.append(folder.index(), letter("gone"))};
    require_good(visit.remove(gone), "remove");
    const Outcome outcome = visit.update(change_of(gone, {Flag::seen}, {}));
    require_failure(outcome.failure, Errc::not_found, "update() of a message that is gone");
}

/// What the core would know after this report.
std::vector<MessageId> applied(std::vector<MessageId> known, const FolderChanges& found)
{
    const auto drop = [&known](auto gone) {
        known.erase(std::remove_if(known.begin(), known.end(), gone), known.end());
    };
    const auto has = [](const std::vector<MessageId>& list, const MessageId& id) {
        return std::find(list.begin(), list.end(), id) != list.end();
    };
    drop([&](const MessageId& id) {
        if (found.changed.contains(id)) return true;
        if (found.coverage == Coverage::delta) return has(found.vanished, id);
        return found.coverage == Coverage::snapshot || !has(found.present, id);
    });
    for (const auto& [id, message] : found.changed)
        known.push_back(id);
    std::sort(known.begin(), known.end());
    return known;
}

void every_change_shows_after_a_token(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const MessageRef first {folder.index(), visit.append(folder.index(), letter("first"))};
    const MessageRef second {folder.index(), visit.append(folder.index(), letter("second"))};
    FolderChanges found = visit.changes(folder.index());
    std::vector<MessageId> known = applied({}, found);
    const auto look = [&] {
        found = visit.changes(folder.index(), found.token);
        known = applied(known, found);
        require(
            known == visit.ids(folder.index()), "a token's delta must lead to the present state");
    };
    look();
    (void)visit.append(folder.index(), letter("third"));
    look();
    require(known.size() == 3, "a message that came must show after a token");
    require_good(visit.update(change_of(first, {Flag::seen}, {})), "update");
    const std::string token = found.token;
    look();
    require(
        found.changed.contains(first.id) && found.changed.at(first.id).flags.has(Flag::seen),
        "a flag that changed must show after a token");
    require_good(visit.remove(second), "remove");
    look();
    require(known.size() == 2, "a message that went must show after a token");
    found.token = token;
    look();
}

void a_strange_token_reports_everything(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    const MessageId id = visit.append(folder.index(), letter("token"));
    const FolderChanges found = visit.changes(folder.index(), "no token of this repository");
    require(!found.failure, "a token that is not understood must be as good as none");
    require(found.changed.contains(id), "a token that is not understood must report everything");
}

void an_unchanged_folder_has_an_unchanged_token(RepositoryBench& bench)
{
    Visit visit(bench);
    const OwnFolder folder(visit);
    (void)visit.append(folder.index(), letter("token"));
    // File systems that keep time in ticks have no token before the next one.
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    const std::string token = visit.changes(folder.index()).token;
    if (token.empty()) return;
    const FolderChanges again = visit.changes(folder.index(), token);
    require(again.token == token, "the token of an unchanged folder must stay");
    for (const FolderInfo& info : visit.session().folders())
        if (info.path == folder.path() && !info.token.empty())
            require(info.token == token, "folders() must show the token that changes() ended with");
}

void messages_move(RepositoryBench& bench)
{
    Visit visit(bench);
    if (!visit.can(Capability::move)) return;
    const OwnFolder from(visit);
    const OwnFolder to(visit);
    const std::string text = letter("moved");
    Move move;
    move.message = {from.index(), visit.append(from.index(), text)};
    move.to = to.index();
    move.new_id = visit.next_id();
    StoreCollector sink(1);
    visit.session().move({&move, 1}, sink);
    require_good(sink.outcomes[0], "move");
    require(visit.ids(from.index()).empty(), "a message that moved must be gone from where it was");
    const auto arrived = visit.ids(to.index());
    require(arrived.size() == 1, "a message that moved must be where it went");
    require(visit.fetch(to.index(), arrived[0]).text == text, "a message must move unchanged");
    if (visit.can(Capability::returns_ids))
        require(sink.outcomes[0].id == arrived[0], "move() must tell the new id");
    if (visit.can(Capability::takes_ids))
        require(arrived[0] == move.new_id, "move() must store under the id that was given");
    StoreCollector again(1);
    visit.session().move({&move, 1}, again);
    require(
        again.outcomes[0].failure.has_value(), "moving a message that is gone must be reported");
}

void ids_are_taken_and_assigned(RepositoryBench& bench)
{
    Visit visit(bench);
    if (!visit.can(Capability::takes_ids)) return;
    const OwnFolder folder(visit);
    StoreCollector sink(1);
    const auto appender = visit.session().append(sink);
    const std::string text = letter("assigned");
    store(*appender, 0, folder.index(), {}, text);
    appender->finish();
    require_good(sink.outcomes[0], "append without an id");
    const auto before = visit.ids(folder.index());
    require(before.size() == 1, "a message without an id must be reported");
    require(
        before[0].value.starts_with('.'), "an id that the repository makes up begins with a dot");
    const Assign assign {{folder.index(), before[0]}, {"4711"}};
    ResultCollector results(1);
    visit.session().assign({&assign, 1}, results);
    require_good(results.outcomes[0], "assign");
    require(visit.ids(folder.index()) == std::vector {assign.id}, "assign() must give the id");
    require(visit.fetch(folder.index(), assign.id).text == text, "assign() must keep the text");
}

struct Silence final : WatchSink {
    void touched(const FolderPath&) override { }
};

void watching_stops_at_once(RepositoryBench& bench)
{
    Visit visit(bench);
    if (!visit.can(Capability::watch)) return;
    const OwnFolder folder(visit);
    const FolderPath& path = folder.path();
    TestCancel stop;
    Silence sink;
    std::chrono::steady_clock::time_point asked;
    std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
        asked = std::chrono::steady_clock::now();
        stop.request();
    });
    try {
        visit.session().watch({&path, 1}, sink, stop);
    } catch (...) {
        other.join();
        throw;
    }
    const auto returned = std::chrono::steady_clock::now();
    other.join();
    require(returned - asked < std::chrono::seconds(1), "watch() must stop within a second");
    (void)visit.ids(folder.index());
}

constexpr RepositoryCheck checks[] = {
    {"flags_are_added_and_dropped", Harm::writes, flags_are_added_and_dropped},
    {"every_storable_flag_is_stored", Harm::writes, every_storable_flag_is_stored},
    {"keywords_are_kept", Harm::writes, keywords_are_kept},
    {"removing_twice_succeeds", Harm::writes, removing_twice_succeeds},
    {"updating_what_is_gone_is_not_found", Harm::writes, updating_what_is_gone_is_not_found},
    {"every_change_shows_after_a_token", Harm::writes, every_change_shows_after_a_token},
    {"a_strange_token_reports_everything", Harm::writes, a_strange_token_reports_everything},
    {"an_unchanged_folder_has_an_unchanged_token", Harm::writes,
     an_unchanged_folder_has_an_unchanged_token},
    {"messages_move", Harm::writes, messages_move},
    {"ids_are_taken_and_assigned", Harm::writes, ids_are_taken_and_assigned},
    {"watching_stops_at_once", Harm::writes, watching_stops_at_once},
};

}  // namespace

std::span<const RepositoryCheck> edit_checks()
{
    return checks;
}

}  // namespace offlineimap::testkit
