// SPDX-License-Identifier: Apache-2.0
#include "repository_suite.hpp"

#include "mailbox.hpp"
#include "repository_checks.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <thread>

namespace offlineimap::testkit {
namespace {

std::size_t open_files()
{
    const std::filesystem::directory_iterator all("/proc/self/fd");
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

void construction_opens_nothing(RepositoryBench& bench)
{
    const auto before = open_files();
    const auto repository = bench.repository();
    require(open_files() == before, "making a repository must do no input or output");
    require(repository->max_sessions() >= 1, "max_sessions() must be at least 1");
    require(repository->facet("offlineimap.no-such/1") == nullptr, "an unknown facet is nullptr");
}

void folders_have_one_number_each(RepositoryBench& bench)
{
    Visit visit(bench);
    std::map<FolderPath, FolderIndex> numbers;
    std::set<FolderIndex> seen;
    for (const FolderInfo& info : visit.session().folders()) {
        require(numbers.emplace(info.path, info.index).second, "a folder must be listed once");
        require(seen.insert(info.index).second, "two folders must not share a number");
    }
    for (const FolderInfo& info : visit.session().folders())
        if (const auto known = numbers.find(info.path); known != numbers.end())
            require(known->second == info.index, "a folder's number must stay");
}

void an_unknown_folder_is_not_found(RepositoryBench& bench)
{
    Visit visit(bench);
    const FolderIndex unknown = 4'000'000'000;
    require_failure(visit.changes(unknown).failure, Errc::not_found, "changes() of no folder");
    require_failure(visit.fetch(unknown, {"1"}).failure, Errc::not_found, "fetch() from no folder");
}

void empty_batches_do_nothing(RepositoryBench& bench)
{
    Visit visit(bench);
    ChangeCollector changes;
    visit.session().changes({}, changes);
    TextCollector texts(0);
    visit.session().fetch({}, Part::whole, texts);
    ResultCollector results(0);
    visit.session().update({}, results);
    visit.session().remove({}, results);
    StoreCollector stores(0);
    visit.session().append(stores)->finish();
    visit.session().keep_alive();
}

void a_cancelled_session_stops(RepositoryBench& bench)
{
    Visit visit(bench);
    visit.cancel().request();
    require_error(
        Errc::cancelled, "folders() after a cancel", [&] { (void)visit.session().folders(); });
}

void sessions_come_and_go_without_a_trace(RepositoryBench& bench)
{
    const auto repository = bench.repository();
    const auto visit = [&repository] {
        TestCancel cancel;
        const auto session = repository->connect(cancel);
        (void)session->folders();
    };
    visit();
    const std::size_t before = open_files();
    for (int i = 0; i < 20; ++i)
        visit();
    require(open_files() == before, "a session that has gone must leave no descriptor open");
}

void folders_are_made_and_deleted(RepositoryBench& bench)
{
    Visit visit(bench);
    const FolderPath path = {unused_name()};
    const auto is_listed = [&visit, &path] {
        const auto all = visit.session().folders();
        return std::any_of(
            all.begin(), all.end(), [&path](const FolderInfo& info) { return info.path == path; });
    };
    const FolderInfo made = visit.session().create_folder(path);
    require(made.path == path, "create_folder() must return the folder's entry");
    require(is_listed(), "a folder that was made must be listed");
    require(
        visit.session().create_folder(path).index == made.index,
        "making a folder that exists must succeed");
    visit.session().delete_folder(path);
    require(!is_listed(), "a folder that was deleted must not be listed");
    require_error(Errc::not_found, "delete_folder() of no folder", [&] {
        visit.session().delete_folder(path);
    });
}

void hostile_names_make_no_other_folder(RepositoryBench& bench)
{
    Visit visit(bench);
    const std::string name = unused_name();
    for (const FolderPath& path : std::vector<FolderPath> {
             {"..", name},
             {name, "..", "..", name},
             {"../" + name},
             {"/" + name},
             {name + std::string("\0x", 2)},
             {name + "\r\nx"},
             {name, ""},
             {}})
        try {
            (void)visit.session().create_folder(path);
            const auto all = visit.session().folders();
            const bool exact = std::any_of(
                all.begin(), all.end(), [&](const FolderInfo& info) { return info.path == path; });
            if (!path.empty()) visit.session().delete_folder(path);
            require(exact, "a folder is made under the very name that was asked for, or refused");
        } catch (const Error& error) {
            require(
                error.scope() <= Scope::folder,
                std::string("a folder's name must cost no more than the folder: ") + error.what());
        }
}

void the_epoch_is_the_same_after_a_reconnect(RepositoryBench& bench)
{
    Visit first(bench);
    const OwnFolder folder(first);
    const std::string epoch = first.changes(folder.index()).state.epoch;
    require(!epoch.empty(), "changes() must report an epoch");
    Visit second(bench);
    for (const FolderInfo& info : second.session().folders())
        if (info.path == folder.path())
            require(
                second.changes(info.index).state.epoch == epoch,
                "a folder's epoch must be the same after a reconnect");
}

void two_sessions_work_at_once(RepositoryBench& bench)
{
    Visit one(bench);
    if (one.repository().max_sessions() < 2) return;
    Visit two(one);
    const OwnFolder folder(one);
    std::array<std::string, 2> faults;
    const auto work = [&folder](Visit& visit, std::string& fault) noexcept {
        try {
            for (int i = 0; i < 10; ++i)
                require_good(visit.try_append(folder.index(), letter("two sessions")), "append");
        } catch (const std::exception& error) {
            fault = error.what();
        }
    };
    std::thread other(work, std::ref(two), std::ref(faults[1]));
    work(one, faults[0]);
    other.join();
    for (const std::string& fault : faults)
        require(fault.empty(), "two sessions must be able to append at once: " + fault);
    require(one.ids(folder.index()).size() == 20, "no message of two sessions must be lost");
}

constexpr RepositoryCheck checks[] = {
    {"construction_opens_nothing", Harm::none, construction_opens_nothing},
    {"folders_have_one_number_each", Harm::none, folders_have_one_number_each},
    {"an_unknown_folder_is_not_found", Harm::none, an_unknown_folder_is_not_found},
    {"empty_batches_do_nothing", Harm::none, empty_batches_do_nothing},
    {"a_cancelled_session_stops", Harm::none, a_cancelled_session_stops},
    {"sessions_come_and_go_without_a_trace", Harm::none, sessions_come_and_go_without_a_trace},
    {"folders_are_made_and_deleted", Harm::writes, folders_are_made_and_deleted},
    {"hostile_names_make_no_other_folder", Harm::writes, hostile_names_make_no_other_folder},
    {"the_epoch_is_the_same_after_a_reconnect", Harm::writes,
     the_epoch_is_the_same_after_a_reconnect},
    {"two_sessions_work_at_once", Harm::writes, two_sessions_work_at_once},
};

std::vector<RepositoryCheck> gathered()
{
    std::vector<RepositoryCheck> all(std::begin(checks), std::end(checks));
    for (const auto part : {text_checks(), edit_checks()})
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

}  // namespace

std::span<const RepositoryCheck> repository_checks()
{
    static const std::vector<RepositoryCheck> all = gathered();
    return all;
}

}  // namespace offlineimap::testkit
