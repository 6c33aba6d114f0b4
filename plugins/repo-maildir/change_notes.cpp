// SPDX-License-Identifier: Apache-2.0
#include "change_notes.hpp"

#include <exception>
#include <fcntl.h>

namespace offlineimap::maildir {

namespace {

constexpr std::size_t most_kept = 64 * 1024;

void add_escaped(std::string& line, std::string_view text)
{
    for (const char c : text) {
        if (c == '\t')
            line += "\\t";
        else if (c == '\n')
            line += "\\n";
        else if (c == '\\')
            line += "\\\\";
        else
            line += c;
    }
}

void add(std::string& line, const ChangeNotes::Path& path)
{
    line += '\t';
    add_escaped(line, path.directory);
    line += '/';
    line += path.subdirectory;
    line += '/';
    add_escaped(line, path.name);
}

}  // namespace

void ChangeNotes::begin(const std::filesystem::path& file)
{
    const std::lock_guard lock(mutex_);
    buffer_.clear();
    file_ = file.empty() ? Descriptor()
                         : Descriptor(::open(file.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
    complete_ = file.empty() || file_;
}

bool ChangeNotes::end()
{
    const std::lock_guard lock(mutex_);
    flush();
    file_ = Descriptor();
    return complete_;
}

void ChangeNotes::note(std::string_view what, const Path& path) noexcept
try {
    const std::lock_guard lock(mutex_);
    if (!file_) return;
    std::string line(what);
    add(line, path);
    write(line);
} catch (const std::exception&) {
    complete_ = false;
}

void ChangeNotes::note(std::string_view what, const Path& path, const Path& before) noexcept
try {
    const std::lock_guard lock(mutex_);
    if (!file_) return;
    std::string line(what);
    add(line, path);
    add(line, before);
    write(line);
} catch (const std::exception&) {
    complete_ = false;
}

void ChangeNotes::write(std::string_view line)
{
    buffer_ += line;
    buffer_ += '\n';
    if (buffer_.size() >= most_kept) flush();
}

void ChangeNotes::flush()
{
    if (file_ && write_all(file_.get(), buffer_) != 0) complete_ = false;
    buffer_.clear();
}

}  // namespace offlineimap::maildir
