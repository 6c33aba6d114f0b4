// SPDX-License-Identifier: Apache-2.0
#include "session.hpp"

#include "appender.hpp"
#include "text.hpp"
#include "watch.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offlineimap::maildir {
namespace {

Descriptor open_file(const Directories& directories, const Place& place) noexcept
{
    // O_NONBLOCK: whatever somebody has put there, opening it never waits.
    return Descriptor(::openat(
        directories.at(place.where), place.name.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
}

std::string path_of(const Directories& directories, const Place& place)
{
    return concat(
        directories.path, place.where == Subdirectory::cur ? "/cur/" : "/new/", place.name);
}

}  // namespace

MaildirSession::MaildirSession(Shared& shared, const Cancel& cancel)
    : shared_(shared), cancel_(cancel), reader_(cancel)
{
}

Capabilities MaildirSession::capabilities() const noexcept
{
    return {Capability::change_tokens, Capability::received_date, Capability::returns_ids,
            Capability::move,          Capability::takes_ids,     Capability::watch};
}

std::vector<FolderInfo> MaildirSession::folders()
{
    cancel_.check();
    return shared_.tree.discover();
}

FolderInfo MaildirSession::create_folder(const FolderPath& path)
{
    cancel_.check();
    return shared_.tree.create(path);
}

void MaildirSession::delete_folder(const FolderPath& path)
{
    cancel_.check();
    shared_.tree.erase(path);
}

std::unique_ptr<Appender> MaildirSession::append(StoreSink& sink)
{
    return std::make_unique<MaildirAppender>(shared_, sink, cancel_);
}

void MaildirSession::watch(std::span<const FolderPath> folders, WatchSink& sink, const Cancel& stop)
{
    FolderWatch watch(shared_.tree, shared_.options, folders);
    if (!watch.is_complete())
        shared_.host.log(
            Level::warning,
            concat(
                "watch ", shared_.options.root.string(),
                ": the system allows no more watches (fs.inotify.max_user_watches); changes in "
                "some folders are seen at the next refresh only"));
    watch.run(sink, cancel_, stop);
}

std::vector<std::pair<std::string, std::string>> MaildirSession::describe()
{
    return {
        {"place", shared_.options.root.string()},
        {"separator", shared_.options.separator},
        {"messages are flushed", shared_.options.flush == Flush::yes ? "yes" : "no"}};
}

void* MaildirSession::facet(std::string_view name) noexcept
{
    return name == MessageFiles::facet_name ? static_cast<MessageFiles*>(this) : nullptr;
}

std::vector<std::filesystem::path> MaildirSession::files(std::span<const MessageRef> messages)
{
    std::vector<std::filesystem::path> files(messages.size());
    std::optional<OpenFolder> open;
    for (std::size_t i = 0; i < messages.size(); ++i)
        try {
            if (!open || open->folder().index != messages[i].folder)
                open.emplace(shared_, messages[i].folder, cancel_);
            if (const auto place = open->locate(messages[i].id))
                files[i] = path_of(open->directories(), *place);
        } catch (const Error& error) {
            open.reset();
            if (error.scope() > Scope::folder) throw;
        }
    return files;
}

// ------------------------------------------------------------------------ what changed

void MaildirSession::changes(std::span<const ChangeRequest> requests, ChangeSink& sink)
{
    for (const ChangeRequest& request : requests)
        report_changes(request, sink);
}

void MaildirSession::report_changes(const ChangeRequest& request, ChangeSink& sink)
{
    cancel_.check();
    FolderState state;
    state.epoch = maildir_epoch;
    state.storable_flags = storable_flags();
    std::optional<OpenFolder> open;
    std::optional<Listing> listing;
    try {
        open.emplace(shared_, request.folder, cancel_);
        state.writable = open->is_writable();
        state.storable_keywords = open->letters().known_keywords();
        state.any_keyword = shared_.options.keyword_file == KeywordFile::dovecot && state.writable
            && !open->letters().full();
        const FolderStamps stamps = stamps_of(open->directories());
        if (request.token.empty() || request.token != token_of(stamps, open->salt()))
            listing = open->list();
    } catch (const Error& error) {
        if (error.scope() > Scope::folder) throw;
        sink.failed(request.folder, error);
        return;
    }
    if (!listing) {
        // A token is only ever given out when every later change leaves another one.
        shared_.tree.tell(open->folder(), request.token);
        sink.begin(request.folder, state, Coverage::delta);
        sink.end(request.folder, request.token);
        return;
    }
    const std::string token = listing->settled ? token_of(listing->stamps, open->salt()) : "";
    shared_.tree.tell(open->folder(), token);
    sink.begin(request.folder, state, Coverage::snapshot);
    report_listing(*open, *listing, request.window, sink);
    sink.end(request.folder, token);
    open->keep(std::move(*listing));
}

void MaildirSession::report_listing(
    OpenFolder& open, const Listing& listing, const Window& window, ChangeSink& sink)
{
    Message message;
    listing.names.for_each([&](const MessageId& id, Subdirectory where, std::string_view name) {
        if (!window.empty() && !is_inside(window, id, open.directories(), where, name)) return;
        message.id = id;
        read_name(open, name, message);
        sink.changed(message);
    });
}

/// Received: by the file's time, except that a lowest id, when there is one, decides for the
/// messages that have one, so that both sides cut at the same message. Size: that of the text on
/// the wire, which is between one and two times the file's, so few files must be read for it. A
/// file that has gone meanwhile is outside.
bool MaildirSession::is_inside(
    const Window& window, const MessageId& id, const Directories& directories, Subdirectory where,
    std::string_view name)
{
    const bool numbered = uid_of(id).has_value();
    if (numbered && !window.from_id.empty() && id < MessageId {window.from_id}) return false;
    const bool by_date = window.received_since && (!numbered || window.from_id.empty());
    if (!by_date && !window.smaller_than) return true;
    const Place place {where, std::string(name)};
    struct stat facts = {};
    if (::fstatat(directories.at(where), place.name.c_str(), &facts, 0) != 0) return false;
    const std::chrono::sys_seconds time {std::chrono::seconds(facts.st_mtim.tv_sec)};
    if (by_date && time < *window.received_since) return false;
    if (!window.smaller_than) return true;
    const auto size = static_cast<std::uint64_t>(facts.st_size);
    if (size >= *window.smaller_than) return false;
    if (2 * size < *window.smaller_than) return true;
    const Descriptor file = open_file(directories, place);
    if (!file) return false;
    return reader_.wire_size(file.get(), path_of(directories, place), size) < *window.smaller_than;
}

void MaildirSession::read_name(
    const OpenFolder& open, std::string_view name, Message& message) const
{
    const NameParts parts = split_name(name, shared_.options.info_separator);
    message.flags = open.letters().flags(parts.letters);
    message.keywords = open.letters().keywords(parts.letters);
    message.origin.reset();
    if (uid_of(message.id)) return;
    const Marks found = find_marks(parts.base);
    if (found.uid == 0 || found.md5.empty()) return;
    if (const auto folder = shared_.tree.with_mark(found.md5))
        message.origin = MessageRef {*folder, MessageId {std::to_string(found.uid)}};
}

// ------------------------------------------------------------------------ message texts

void MaildirSession::fetch(std::span<const MessageRef> messages, Part part, FetchSink& sink)
{
    std::optional<OpenFolder> open;
    for (std::size_t i = 0; i < messages.size(); ++i) {
        cancel_.check();
        try {
            if (!open || open->folder().index != messages[i].folder)
                open.emplace(shared_, messages[i].folder, cancel_);
        } catch (const Error& error) {
            open.reset();
            if (error.scope() > Scope::folder) throw;
            sink.failed(i, error);
            continue;
        }
        fetch_one(*open, i, messages[i].id, part, sink);
    }
}

void MaildirSession::fetch_one(
    OpenFolder& open, std::size_t index, const MessageId& id, Part part, FetchSink& sink)
{
    Descriptor file;
    Place place;
    const int error = open.with_file(id, [&](const Place& now) {
        file = open_file(open.directories(), now);
        place = now;
        return file ? 0 : errno;
    });
    if (error != 0) {
        const Error why = system_error(
            error, Scope::message,
            concat("read message ", id.value, " in ", open.directories().path));
        if (why.scope() > Scope::folder) throw why;
        sink.failed(index, why);
        return;
    }
    Message message;
    message.id = id;
    read_name(open, place.name, message);
    reader_.read(file.get(), path_of(open.directories(), place), index, message, part, sink);
}

}  // namespace offlineimap::maildir
