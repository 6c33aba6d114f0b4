// SPDX-License-Identifier: Apache-2.0
#include "watch.hpp"

#include "posix.hpp"
#include "text.hpp"

#include <array>
#include <cerrno>
#include <poll.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

constexpr std::uint32_t mail_moves =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t folders_move =
    IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF;

/// The directories that can get a new folder: the root, and with nested folders each of them.
std::set<std::filesystem::path>
places_for_folders(const Options& options, const std::vector<FolderInfo>& folders)
{
    std::set<std::filesystem::path> places {options.root};
    if (options.separator != "/") return places;
    for (const FolderInfo& folder : folders) {
        std::filesystem::path place = options.root;
        for (const std::string& part : folder.path)
            places.insert(place /= part);
    }
    return places;
}

/// The directories in it that are no folders: one that is being made becomes one in several steps.
std::vector<std::filesystem::path> unfinished_in(const std::filesystem::path& place)
{
    std::vector<std::filesystem::path> found;
    std::error_code error;
    for (std::filesystem::directory_iterator it(place, error), end; !error && it != end;
         it.increment(error)) {
        const auto name = it->path().filename();
        const bool holds_messages = name == "cur" || name == "new" || name == "tmp";
        std::error_code ignored;
        const bool complete =
            exists(it->path() / "cur", ignored) && exists(it->path() / "new", ignored);
        if (!holds_messages && !complete && it->is_directory(ignored)) found.push_back(it->path());
    }
    return found;
}

/// Beside folders lie files that are no mail, of mail readers and servers.
bool tells_something(const inotify_event& event, const FolderPath& path)
{
    constexpr std::uint32_t gone = IN_DELETE_SELF | IN_MOVE_SELF;
    if ((event.mask & IN_IGNORED) != 0) return false;
    return !path.empty() || (event.mask & (IN_ISDIR | gone)) != 0;
}

}  // namespace

FolderWatch::FolderWatch(
    FolderTree& tree, const Options& options, std::span<const FolderPath> folders)
    : tree_(tree)
    , options_(options)
    , wanted_(folders.begin(), folders.end())
    , inotify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC))
{
    if (!inotify_) throw system_error(errno, Scope::session, "watch the Maildir's folders");
    add_tree();
}

bool FolderWatch::is_wanted(const FolderPath& path) const
{
    return wanted_.empty() || wanted_.contains(path);
}

void FolderWatch::add_tree()
{
    const auto folders = tree_.look();
    if (wanted_.empty())
        for (const auto& place : places_for_folders(options_, folders)) {
            add(place, folders_move | IN_ONLYDIR, {});
            for (const auto& directory : unfinished_in(place))
                add(directory, folders_move | IN_ONLYDIR, {});
        }
    for (const FolderInfo& folder : folders) {
        if (!is_wanted(folder.path)) continue;
        const auto directory = options_.root / folder.name;
        add(directory / "new", mail_moves | IN_ONLYDIR, folder.path);
        add(directory / "cur", mail_moves | IN_ONLYDIR, folder.path);
    }
}

void FolderWatch::add(
    const std::filesystem::path& directory, std::uint32_t mask, const FolderPath& path)
{
    const int number = ::inotify_add_watch(inotify_.get(), directory.c_str(), mask);
    if (number >= 0)
        watched_[number] = path;
    else if (errno == ENOSPC || errno == ENOMEM)
        complete_ = false;
    else if (errno != ENOENT && errno != ENOTDIR)  // gone again: that is seen above it
        throw system_error(errno, Scope::session, concat("watch ", directory.string()));
}

void FolderWatch::report_untold(WatchSink& sink)
{
    for (const FolderPath& path : tree_.untold())
        if (path.empty() ? wanted_.empty() : is_wanted(path)) sink.touched(path);
}

void FolderWatch::run(WatchSink& sink, const Cancel& session, const Cancel& stop)
{
    report_untold(sink);
    std::array<pollfd, 3> waits = {
        pollfd {inotify_.get(), POLLIN, 0}, pollfd {session.fd(), POLLIN, 0},
        pollfd {stop.fd(), POLLIN, 0}};
    while (!stop.requested()) {
        session.check();
        if (::poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR)
            throw system_error(errno, Scope::session, "watch the Maildir's folders");
        for (const FolderPath& path : read_events())
            sink.touched(path);
    }
}

std::set<FolderPath> FolderWatch::read_events()
{
    std::set<FolderPath> touched;
    alignas(inotify_event) std::array<char, 16384> buffer = {};
    for (;;) {
        const ssize_t size = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (size <= 0) return touched;
        for (ssize_t at = 0; at < size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(buffer.data() + at);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
            const auto watched = watched_.find(event->wd);
            if ((event->mask & IN_Q_OVERFLOW) != 0)
                touched.insert(FolderPath {});
            else if (watched != watched_.end() && tells_something(*event, watched->second))
                touched.insert(watched->second);
        }
    }
}

}  // namespace offlineimap::maildir
