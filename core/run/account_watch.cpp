// SPDX-License-Identifier: Apache-2.0
#include "account_watch.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/facets.hpp>

#include <algorithm>
#include <poll.h>

namespace offlineimap::core {

class AccountWatch::Sink final : public WatchSink {
public:
    Sink(const AccountWatch& watch, sync::Side side) : watch_(watch), side_(side) { }
    void touched(const FolderPath& path) override
    {
        if (path.empty() || is_paired(path))
            watch_.wake_up_.touch(watch_.request_.account, side_, path);
    }

private:
    bool is_paired(const FolderPath& path) const
    {
        const auto& pairs = watch_.request_.pairs;
        return std::any_of(pairs.begin(), pairs.end(), [&](const sync::FolderPair& pair) {
            return pair.folder[side_].path == path;
        });
    }

    const AccountWatch& watch_;
    const sync::Side side_;
};

AccountWatch::AccountWatch(Request request, WakeUp& wake_up, EventBus& bus)
    : request_(std::move(request)), wake_up_(wake_up), bus_(bus)
{
    if (request_.pairs.empty()) return;
    threads_.emplace_back([this] { run([this] { return watch(sync::Side::left, {}); }); });
    if (!request_.remote.empty())
        threads_.emplace_back(
            [this] { run([this] { return watch(sync::Side::right, request_.remote); }); });
}

AccountWatch::~AccountWatch()
{
    stop_.request();
}

void AccountWatch::run(const std::function<bool()>& watch)
{
    constexpr std::chrono::seconds longest {300};
    for (std::chrono::seconds time {1}; !stop_.requested(); time = std::min(time * 2, longest)) {
        try {
            if (watch()) return;
        } catch (const Error& error) {
            if (error.code() == Errc::cancelled) return;
            const bool hopeless = error.code() == Errc::unsupported || error.code() == Errc::auth;
            bus_.log(
                hopeless ? Level::warning : Level::info,
                concat(
                    "Account ", request_.account, ": watching for changes ended: ", error.what(),
                    hopeless ? "" : "; trying again"));
            if (hopeless) return;
        } catch (const std::exception& error) {
            bus_.log(
                Level::warning,
                concat(
                    "Account ", request_.account, ": watching for changes ended: ", error.what()));
            return;
        }
        pause(time);
    }
}

/// True when there is nothing more to do.
bool AccountWatch::watch(sync::Side side, const std::vector<FolderPath>& folders)
{
    auto session = request_.sessions[side]->take();
    try {
        if (!session->capabilities().has(Capability::watch)) return true;
        if (side == sync::Side::right) share_out(*session, folders);
        Sink sink(*this, side);
        session->watch(folders, sink, stop_);
        return true;
    } catch (...) {
        session.drop();
        throw;
    }
}

/// The session still looks at them all now and then: one that has no listener is not forgotten.
void AccountWatch::share_out(Session& session, const std::vector<FolderPath>& folders)
{
    constexpr std::size_t most_listeners = 9;
    const auto* reach = static_cast<const WatchReach*>(session.facet(WatchReach::facet_name));
    const auto told = reach ? reach->told_at_once() : 0;
    if (told == 0 || !listening_.empty()) return;
    for (std::size_t i = told; i < std::min(folders.size(), told + most_listeners); ++i)
        listening_.emplace_back(
            [this, folder = folders[i]] { run([&] { return listen(folder); }); });
}

/// True when there is nothing more to do.
bool AccountWatch::listen(const FolderPath& folder)
{
    auto session = request_.listeners.take();
    if (!session) return true;
    Sink sink(*this, sync::Side::right);
    session->watch(std::span(&folder, 1), sink, stop_);
    request_.listeners.give_back(std::move(session));
    return true;
}

void AccountWatch::pause(std::chrono::seconds time) const
{
    pollfd fd {stop_.fd(), POLLIN, 0};
    ::poll(&fd, 1, static_cast<int>(std::chrono::milliseconds(time).count()));
}

std::vector<FolderPath> paths_of_idle_folders(
    std::span<const sync::FolderPair> pairs, const std::vector<std::string>& names, EventBus& bus)
{
    std::vector<FolderPath> paths;
    for (const std::string& name : names) {
        const auto before = paths.size();
        for (const sync::FolderPair& pair : pairs)
            if (name == "*" || pair.folder.right.name == name)
                paths.push_back(pair.folder.right.path);
        if (paths.size() == before && !pairs.empty())
            bus.log(
                Level::warning,
                concat("idlefolders: ", name, " is none of the folders that are synchronised"));
    }
    return paths;
}

}  // namespace offlineimap::core
