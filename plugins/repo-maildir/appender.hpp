// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file_flusher.hpp"
#include "line_ends.hpp"
#include "open_folder.hpp"

#include <offlineimap/repository.hpp>

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::maildir {

/// A file in tmp/, unlinked when it goes unless it was renamed to its place.
class TemporaryFile {
public:
    TemporaryFile() = default;
    TemporaryFile(int directory, std::string name, Descriptor file) noexcept
        : directory_(directory), name_(std::move(name)), file_(std::move(file))
    {
    }
    TemporaryFile(TemporaryFile&& other) noexcept { *this = std::move(other); }
    TemporaryFile& operator=(TemporaryFile&& other) noexcept;
    ~TemporaryFile() { discard(); }

    explicit operator bool() const noexcept { return directory_ >= 0; }
    Descriptor& file() noexcept { return file_; }
    const std::string& name() const noexcept { return name_; }
    /// Renames it, never replacing a file. Returns 0 or the error number.
    int move_to(int directory, const std::string& name) noexcept;

private:
    void discard() noexcept;

    int directory_ = -1;  ///< tmp/, which outlives this
    std::string name_;
    Descriptor file_;
};

/// A folder that the present group stores to.
struct Destination {
    OpenFolder open;
    Descriptor tmp;
};
/// The message between begin() and end().
struct Incoming {
    std::size_t index = 0;
    Destination* to = nullptr;
    std::uint64_t uid = 0;  ///< 0 = stored as a new message
    std::string letters;
    std::optional<std::chrono::sys_seconds> received;
    std::uint64_t size = 0, taken = 0;
    std::optional<std::chrono::sys_seconds> date;  ///< of its header, where a setting needs it
    TemporaryFile file;
    ToLf to_lf;
};
/// One that is complete in tmp/.
struct Written {
    std::size_t index = 0;
    Destination* to = nullptr;
    Subdirectory where = Subdirectory::fresh;
    std::uint64_t uid = 0;
    TemporaryFile file;
    int error = 0;
};

/// Stores messages in groups: written to tmp/ and flushed, then, when all of the group are flushed,
/// renamed, then each directory flushed once, then reported. finish() ends a group; the Appender
/// ends one by itself at 4096 messages (about 300 bytes of memory each) or 8 folders.
class MaildirAppender final : public Appender {
public:
    MaildirAppender(Shared& shared, StoreSink& sink, const Cancel& cancel);

    void begin(
        std::size_t index, FolderIndex folder, const Message& message, std::uint64_t size) override;
    void write(Bytes chunk) override;
    void end() override;
    void abandon() noexcept override;
    void finish() override;

private:
    Destination& destination(FolderIndex folder);
    Descriptor open_tmp(Destination& to, const std::string& path);
    void refuse_known(OpenFolder& folder, std::uint64_t uid) const;
    void create_file();
    void spill();
    void set_times();
    std::string new_name() const;
    [[noreturn]] void fail(int error, std::string_view step);

    void end_group();
    void finish_flushing();
    void place(Written& message);
    void flush_directories(std::vector<Written>& group);
    void report(const Written& message);

    Shared& shared_;
    StoreSink& sink_;
    const Cancel& cancel_;
    std::string buffer_;  ///< text with LF line ends that is not in the file yet
    std::map<FolderIndex, std::unique_ptr<Destination>> destinations_;
    std::optional<Incoming> incoming_;
    std::vector<Written> written_;
    FileFlusher flusher_;  ///< has the files of written_, in the same order
};

}  // namespace offlineimap::maildir
