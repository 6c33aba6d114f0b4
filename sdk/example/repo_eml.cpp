// SPDX-License-Identifier: Apache-2.0
//
// A directory of plain message files as a repository: every directory below the root that holds
// other things than directories, or nothing, is a folder, every "<name>.eml" in it a message, and
// the file's name its id. It keeps no flags. A file is written once and never changed: whoever
// changes a text gives it another name.

#include <offlineimap/repository.hpp>

#include <atomic>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <mutex>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace offlineimap;

Error failure(Errc code, const std::string& what, const fs::path& where, const std::string& why)
{
    return {code, what + " " + where.string() + ": " + why};
}

Error system_failure(const std::string& what, const fs::path& where)
{
    const auto code = errno == ENOENT ? Errc::not_found : Errc::io;
    return failure(code, what, where, std::generic_category().message(errno));
}

std::string with_crlf(const std::string& text)
{
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) result += '\r';
        result += text[i];
    }
    return result;
}

std::string read_text(const fs::path& file)
{
    errno = 0;
    std::ifstream in(file, std::ios::binary);
    if (!in) throw system_failure("read", file);
    return with_crlf({std::istreambuf_iterator<char>(in), {}});
}

Message facts_of(const fs::path& file)
{
    struct stat entry = {};
    if (::stat(file.c_str(), &entry) != 0) throw system_failure("look at", file);
    Message message;
    message.id.value = file.filename().string();
    message.received = std::chrono::sys_seconds(std::chrono::seconds(entry.st_mtime));
    return message;
}

bool is_message(const fs::path& file)
{
    return file.extension() == ".eml" && file.filename().string().front() != '.';
}

/// Runs `action`; what std::filesystem throws becomes an Error, the only thing that may leave a
/// plugin.
template <class Action> auto on_disk(const std::string& what, Action action)
{
    try {
        return action();
    } catch (const fs::filesystem_error& error) {
        const bool gone = error.code() == std::errc::no_such_file_or_directory;
        throw failure(
            gone ? Errc::not_found : Errc::io, what, error.path1(), error.code().message());
    }
}

void flush(const fs::path& path)
{
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw system_failure("open", path);
    const int result = ::fsync(fd);
    ::close(fd);
    if (result != 0) throw system_failure("flush", path);
}

/// The folders by their index: one numbering for all sessions.
class Folders {
public:
    explicit Folders(fs::path root) : root_(std::move(root)) { }

    FolderInfo add(const FolderPath& path)
    {
        const std::lock_guard lock(mutex_);
        FolderInfo info;
        while (info.index < known_.size() && known_[info.index] != path)
            ++info.index;
        if (info.index == known_.size()) known_.push_back(path);
        info.path = path;
        info.epoch = "1";
        info.separator = "/";
        for (const auto& part : path)
            info.name += (info.name.empty() ? "" : "/") + part;
        return info;
    }
    fs::path directory(const FolderPath& path) const
    {
        auto directory = root_;
        for (const auto& part : path) {
            if (part.empty() || part.front() == '.' || part.find('/') != part.npos)
                throw failure(Errc::unsupported, "use", directory / part, "not a folder's name");
            directory /= part;
        }
        return directory;
    }
    fs::path directory(FolderIndex index) const
    {
        const std::lock_guard lock(mutex_);
        return directory(known_.at(index));
    }
    fs::path file(const MessageRef& message) const
    {
        return directory(message.folder) / message.id.value;
    }
    const fs::path& root() const { return root_; }

private:
    fs::path root_;
    mutable std::mutex mutex_;
    std::vector<FolderPath> known_;
};

/// Writes each text beside its place under a name that nobody reads, flushes it, renames it.
class EmlAppender final : public Appender {
public:
    EmlAppender(const Folders& folders, StoreSink& sink) : folders_(folders), sink_(sink) { }
    ~EmlAppender() override { abandon(); }

    void
    begin(std::size_t index, FolderIndex folder, const Message& message, std::uint64_t) override
    {
        static std::atomic<unsigned> count = 0;
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        index_ = index;
        name_ = std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count())
            + "." + std::to_string(::getpid()) + "." + std::to_string(count++) + ".eml";
        directory_ = folders_.directory(folder);
        received_ = message.received;
        out_.open(temporary(), std::ios::binary);
    }
    void write(Bytes chunk) override
    {
        out_.write(
            reinterpret_cast<const char*>(chunk.data()),
            static_cast<std::streamsize>(chunk.size()));
    }
    void end() override
    {
        const auto index = index_;
        try {
            store();
        } catch (const Error& error) {
            abandon();
            return sink_.failed(index, error);
        }
        sink_.stored(index, MessageId {name_});
    }
    void abandon() noexcept override
    {
        out_.close();
        out_.clear();
        if (!directory_.empty()) ::unlink(temporary().c_str());
        directory_.clear();
    }
    void finish() override { }  // every message was durable when it was reported

private:
    fs::path temporary() const { return directory_ / ("." + name_); }
    void store()
    {
        out_.close();
        if (!out_) throw system_failure("write", temporary());
        flush(temporary());
        if (received_) keep_time();
        if (::rename(temporary().c_str(), (directory_ / name_).c_str()) != 0)
            throw system_failure("rename", temporary());
        flush(std::exchange(directory_, {}));
    }
    void keep_time() const
    {
        const timespec time {received_->time_since_epoch().count(), 0};
        const timespec times[] = {time, time};
        ::utimensat(AT_FDCWD, temporary().c_str(), times, 0);
    }

    const Folders& folders_;
    StoreSink& sink_;
    std::size_t index_ = 0;
    fs::path directory_;
    std::string name_;
    std::optional<std::chrono::sys_seconds> received_;
    std::ofstream out_;
};

class EmlSession final : public Session {
public:
    EmlSession(Folders& folders, const Cancel& cancel) : folders_(folders), cancel_(cancel) { }

    Capabilities capabilities() const noexcept override
    {
        return {Capability::returns_ids, Capability::received_date};
    }

    std::vector<FolderInfo> folders() override
    {
        return on_disk("list", [&] {
            std::vector<FolderInfo> all;
            for (const auto& entry : fs::recursive_directory_iterator(folders_.root())) {
                if (!entry.is_directory() || !is_folder(entry.path())) continue;
                const auto relative = entry.path().lexically_relative(folders_.root());
                all.push_back(folders_.add({relative.begin(), relative.end()}));
            }
            return all;
        });
    }

    FolderInfo create_folder(const FolderPath& path) override
    {
        on_disk("create", [&] { return fs::create_directories(folders_.directory(path)); });
        return folders_.add(path);
    }

    void delete_folder(const FolderPath& path) override
    {
        const auto directory = folders_.directory(path);
        if (!fs::is_directory(directory))
            throw failure(Errc::not_found, "delete", directory, "no such folder");
        on_disk("delete", [&] {
            for (const auto& file : messages(directory))
                fs::remove(file);
            return fs::remove(directory);
        });
    }

    void changes(std::span<const ChangeRequest> requests, ChangeSink& sink) override
    {
        for (const auto& request : requests) {
            try {
                list(request.folder, sink);
            } catch (const Error& error) {
                sink.failed(request.folder, error);
            }
        }
    }

    void fetch(std::span<const MessageRef> refs, Part part, FetchSink& sink) override
    {
        for (std::size_t index = 0; index < refs.size(); ++index) {
            cancel_.check();
            Message message;
            std::string text;
            try {
                const auto file = folders_.file(refs[index]);
                message = facts_of(file);
                text = read_text(file);
            } catch (const Error& error) {
                sink.failed(index, error);
                continue;
            }
            message.size = text.size();
            give(index, message, wanted(std::move(text), part), sink);
        }
    }

    std::unique_ptr<Appender> append(StoreSink& sink) override
    {
        return std::make_unique<EmlAppender>(folders_, sink);
    }

    void update(std::span<const Update> updates, ResultSink& sink) override
    {
        for (std::size_t i = 0; i < updates.size(); ++i)
            sink.failed(i, Error(Errc::unsupported, "set flags: plain files have none"));
    }

    void remove(std::span<const MessageRef> refs, ResultSink& sink) override
    {
        for (std::size_t i = 0; i < refs.size(); ++i) {
            const auto file = folders_.file(refs[i]);
            if (::unlink(file.c_str()) == 0 || errno == ENOENT)
                sink.done(i);
            else
                sink.failed(i, system_failure("remove", file));
        }
    }

private:
    static std::vector<fs::path> messages(const fs::path& directory)
    {
        return on_disk("list", [&] {
            std::vector<fs::path> files;
            for (const auto& entry : fs::directory_iterator(directory))
                if (entry.is_regular_file() && is_message(entry.path()))
                    files.push_back(entry.path());
            return files;
        });
    }
    /// A directory of directories alone is a step on the way to a folder.
    static bool is_folder(const fs::path& directory)
    {
        bool has_directories = false;
        for (const auto& entry : fs::directory_iterator(directory)) {
            if (!entry.is_directory()) return true;
            has_directories = true;
        }
        return !has_directories;
    }
    void list(FolderIndex folder, ChangeSink& sink)
    {
        const auto directory = folders_.directory(folder);
        std::vector<Message> all;
        for (const auto& file : messages(directory))
            all.push_back(facts_of(file));
        FolderState state;
        state.epoch = "1";
        sink.begin(folder, state, Coverage::snapshot);
        for (const auto& message : all)
            sink.changed(message);
        sink.end(folder, {});
    }
    static std::string wanted(std::string text, Part part)
    {
        if (part == Part::facts) return {};
        const auto end_of_header = text.find("\r\n\r\n");
        if (part == Part::header && end_of_header != text.npos) text.resize(end_of_header + 4);
        return text;
    }
    static void
    give(std::size_t index, const Message& message, const std::string& text, FetchSink& sink)
    {
        sink.begin(index, message, text.size());
        if (!text.empty()) sink.data(std::as_bytes(std::span(text)));
        sink.end();
    }

    Folders& folders_;
    const Cancel& cancel_;
};

class EmlRepository final : public Repository {
public:
    explicit EmlRepository(Host& host) : folders_(host.settings().text("path")) { }
    std::unique_ptr<Session> connect(const Cancel& cancel) override
    {
        if (!fs::is_directory(folders_.root()))
            throw failure(Errc::config, "open", folders_.root(), "no such directory");
        return std::make_unique<EmlSession>(folders_, cancel);
    }

private:
    Folders folders_;
};

constexpr Option options[] = {
    {"path", OptionType::path, nullptr, "the directory that holds the folders"},
};
constexpr Component components[] = {
    component<EmlRepository>("eml", "a directory of plain message files", options)};

}  // namespace

OFFLINEIMAP_PLUGIN(repo_eml, "1.0.0", "Apache-2.0", components)
