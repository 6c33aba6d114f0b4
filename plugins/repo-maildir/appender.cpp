// SPDX-License-Identifier: Apache-2.0
#include "appender.hpp"

#include "message_date.hpp"
#include "stale_files.hpp"
#include "text.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace offlineimap::maildir {
namespace {

/// A message up to this size is written with one call.
constexpr std::size_t buffer_size = 256 * 1024;
constexpr std::size_t most_messages = 4096;
constexpr std::size_t most_folders = 8;

timespec time_of(std::chrono::sys_seconds time) noexcept
{
    return {static_cast<time_t>(time.time_since_epoch().count()), 0};
}

}  // namespace

TemporaryFile& TemporaryFile::operator=(TemporaryFile&& other) noexcept
{
    if (this != &other) {
        discard();
        directory_ = std::exchange(other.directory_, -1);
        name_ = std::move(other.name_);
        file_ = std::move(other.file_);
    }
    return *this;
}

void TemporaryFile::discard() noexcept
{
    if (directory_ >= 0) ::unlinkat(std::exchange(directory_, -1), name_.c_str(), 0);
}

int TemporaryFile::move_to(int directory, const std::string& name) noexcept
{
    const int error = rename_file(directory_, name_, directory, name);
    if (error == 0) {
        directory_ = -1;
        name_ = name;
    }
    return error;
}

MaildirAppender::MaildirAppender(Shared& shared, StoreSink& sink, const Cancel& cancel)
    : shared_(shared), sink_(sink), cancel_(cancel)
{
    buffer_.reserve(2 * buffer_size);
}

void MaildirAppender::begin(
    std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size)
{
    cancel_.check();
    abandon();
    const auto uid = message.id.empty() ? std::optional<std::uint64_t>(0) : uid_of(message.id);
    if (!uid)
        throw Error(
            Errc::rejected,
            concat("store message \"", message.id.value, "\": its id is no number"));
    if (written_.size() >= most_messages
        || (destinations_.size() >= most_folders && !destinations_.contains(folder)))
        end_group();
    Destination& to = destination(folder);
    if (*uid != 0) refuse_known(to.open, *uid);
    to.open.need_letters(message.keywords);
    to.open.want_letters(message.flags);
    incoming_.emplace();
    incoming_->index = index;
    incoming_->to = &to;
    incoming_->uid = *uid;
    incoming_->letters = to.open.letters().letters(message);
    incoming_->received = message.received;
    incoming_->size = size;
    buffer_.clear();
}

void MaildirAppender::write(Bytes chunk)
{
    if (!incoming_) throw Error(Errc::internal, "a piece of text without a message");
    std::string_view rest(reinterpret_cast<const char*>(chunk.data()), chunk.size());
    incoming_->taken += rest.size();
    while (!rest.empty()) {
        const std::string_view piece = rest.substr(0, buffer_size);
        incoming_->to_lf.convert(piece, buffer_);
        rest.remove_prefix(piece.size());
        if (buffer_.size() >= buffer_size) spill();
    }
}

void MaildirAppender::end()
{
    if (!incoming_) throw Error(Errc::internal, "the end of a text without a message");
    incoming_->to_lf.finish(buffer_);
    if (incoming_->taken != incoming_->size) {
        const std::string text = concat(
            "store a message: ", std::to_string(incoming_->taken), " bytes came, ",
            std::to_string(incoming_->size), " were announced");
        abandon();
        throw Error(Errc::rejected, text);
    }
    spill();
    set_times();
    Incoming done = *std::exchange(incoming_, std::nullopt);
    const bool seen = done.letters.find('S') != std::string::npos;
    written_.push_back(
        {done.index, done.to, seen ? Subdirectory::cur : Subdirectory::fresh, done.uid,
         std::move(done.file), 0});
    Descriptor& file = written_.back().file.file();
    if (shared_.options.flush == Flush::no)
        written_.back().error = file.close();
    else
        flusher_.add(std::move(file));
}

void MaildirAppender::abandon() noexcept
{
    incoming_.reset();
}

void MaildirAppender::finish()
{
    cancel_.check();
    abandon();
    end_group();
}

Destination& MaildirAppender::destination(FolderIndex folder)
{
    auto& slot = destinations_[folder];
    if (!slot) try {
            auto to = std::make_unique<Destination>(
                Destination {OpenFolder(shared_, folder, cancel_), Descriptor()});
            to->tmp = open_tmp(*to, to->open.directories().path);
            slot = std::move(to);
        } catch (...) {
            destinations_.erase(folder);
            throw;
        }
    return *slot;
}

Descriptor MaildirAppender::open_tmp(Destination& to, const std::string& path)
{
    const int folder = to.open.directories().folder.get();
    // Copies of Maildirs lose empty directories.
    if (::mkdirat(folder, "tmp", 0700) != 0 && errno != EEXIST)
        throw system_error(errno, Scope::folder, concat("make directory ", path, "/tmp"));
    Descriptor tmp = open_directory(folder, "tmp", concat(path, "/tmp"));
    bool swept = true;
    {
        const std::lock_guard lock(to.open.folder().mutex);
        swept = std::exchange(to.open.folder().tmp_swept, true);
    }
    if (!swept) remove_stale_files(tmp, shared_.stems);
    return tmp;
}

/// Two files under one id would make the older one look new: it would be uploaded again.
void MaildirAppender::refuse_known(OpenFolder& folder, std::uint64_t uid) const
{
    if (!folder.has_uid(uid)) return;
    const MessageId id {std::to_string(uid)};
    const int error = folder.with_file(id, [&folder](const Place& place) {
        const int there = ::faccessat(
            folder.directories().at(place.where), place.name.c_str(), F_OK, AT_SYMLINK_NOFOLLOW);
        return there == 0 ? 0 : errno;
    });
    if (error == 0)
        throw Error(
            Errc::exists, Scope::message, Retry::never,
            concat(
                "store message ", id.value, " in ", folder.directories().path,
                ": a message with this id is there"));
}

std::string MaildirAppender::new_name() const
{
    std::string stem = incoming_->date && shared_.options.stem_time == StemTime::date_header
        ? shared_.stems.next(*incoming_->date)
        : shared_.stems.next();
    if (incoming_->uid != 0) stem.append(marks(incoming_->uid, incoming_->to->open.folder().md5));
    return with_info(stem, shared_.options.info_separator, incoming_->letters);
}

void MaildirAppender::create_file()
{
    const bool needs_date = shared_.options.stem_time == StemTime::date_header
        || shared_.options.file_time == FileTime::date_header;
    if (needs_date) incoming_->date = date_of_message(buffer_);
    const int tmp = incoming_->to->tmp.get();
    for (int attempt = 1;; ++attempt) {
        std::string name = new_name();
        Descriptor file(::openat(tmp, name.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600));
        if (file) {
            incoming_->file = TemporaryFile(tmp, std::move(name), std::move(file));
            return;
        }
        // EEXIST: another program with our process number, in another container.
        if (errno != EEXIST || attempt == 16) fail(errno, "make a file in ");
    }
}

/// Writes out what is in the buffer.
void MaildirAppender::spill()
{
    if (!incoming_->file) create_file();
    const int error = write_all(incoming_->file.file().get(), buffer_);
    buffer_.clear();
    if (error != 0) fail(error, "write a message to ");
}

/// The date a message was received lives on in the file's time, for the day it is uploaded again.
void MaildirAppender::set_times()
{
    const timespec omitted {0, UTIME_OMIT};
    std::array<timespec, 2> times = {omitted, omitted};  // of access, of modification
    if (incoming_->received) times[1] = time_of(*incoming_->received);
    if (incoming_->date && shared_.options.file_time == FileTime::date_header)
        times[0] = times[1] = time_of(*incoming_->date);
    if (times[1].tv_nsec == UTIME_OMIT) return;
    if (::futimens(incoming_->file.file().get(), times.data()) != 0)
        fail(errno, "set the time of a message in ");
}

/// The message is refused, and nothing is left of it.
void MaildirAppender::fail(int error, std::string_view step)
{
    const std::string tried = concat(step, incoming_->to->open.directories().path);
    abandon();
    throw system_error(error, Scope::message, tried);
}

void MaildirAppender::end_group()
{
    finish_flushing();
    std::vector<Written> group = std::exchange(written_, {});
    for (Written& message : group)
        place(message);
    flush_directories(group);
    for (const Written& message : group)
        report(message);
    group.clear();
    if (!incoming_) destinations_.clear();
}

void MaildirAppender::finish_flushing()
{
    if (shared_.options.flush == Flush::no) return;
    const Span span(shared_.host, "finish flushing files");
    const std::vector<int> errors = flusher_.finish();
    for (std::size_t i = 0; i < errors.size(); ++i)
        written_[i].error = errors[i];
}

void MaildirAppender::place(Written& message)
{
    if (message.error != 0) return;
    const int directory = message.to->open.directories().at(message.where);
    message.error = message.file.move_to(directory, message.file.name());
    if (message.error == EEXIST) {
        const std::string& old = message.file.name();
        const auto base = split_name(old, shared_.options.info_separator).base;
        message.error = message.file.move_to(
            directory,
            concat(
                shared_.stems.next(),
                message.uid != 0 ? marks(message.uid, message.to->open.folder().md5) : "",
                std::string_view(old).substr(base.size())));
    }
    if (message.error != 0) return;
    shared_.notes.note("added", message.to->open.path_of({message.where, message.file.name()}));
    message.to->open.touch(message.where);
}

void MaildirAppender::flush_directories(std::vector<Written>& group)
{
    const Span span(shared_.host, "flush directories");
    for (auto& [index, to] : destinations_)
        try {
            to->open.flush();
        } catch (const Error&) {
            for (Written& message : group)
                if (message.to == to.get() && message.error == 0) message.error = EIO;
        }
}

void MaildirAppender::report(const Written& message)
{
    const std::string& path = message.to->open.directories().path;
    if (message.error != 0) {
        sink_.failed(
            message.index,
            system_error(message.error, Scope::message, concat("store a message in ", path)));
        return;
    }
    MessageId id;
    if (message.uid != 0)
        id.value = std::to_string(message.uid);
    else
        id = id_of_base(split_name(message.file.name(), shared_.options.info_separator).base);
    sink_.stored(message.index, id);
}

}  // namespace offlineimap::maildir
