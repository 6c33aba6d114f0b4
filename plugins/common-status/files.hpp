// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/error.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace offlineimap::status {

/// Whether a write waits until the disk has it.
enum class Durability : std::uint8_t { flushed, unflushed };

/// What a file holds, for messages, and how much is lost with it.
struct Subject {
    std::string name;  ///< "status of INBOX"
    Scope scope = Scope::folder;
};

[[nodiscard]] Subject folder_subject(std::string_view folder);

/// What a failed system call means: "open /x/y: No such file or directory".
[[nodiscard]] Error
system_error(int number, Scope scope, std::string_view action, const std::filesystem::path& path);

/// The file cannot be read back; `why` is the clause that says so.
[[nodiscard]] Error
corrupt(const Subject& subject, const std::filesystem::path& file, std::string_view why);

/// Throws unsupported for a folder that cannot be a file's name.
void check_name(std::string_view folder);

[[nodiscard]] bool is_there(const std::filesystem::path& path);

/// With mode 0700, if it is not there yet.
void create_directory(const std::filesystem::path& path, Durability durability);

/// So that what was renamed or made in it stays so.
void flush_directory(const std::filesystem::path& path, Durability durability);

/// One that is not there is a success.
void remove_file(const std::filesystem::path& path);

/// An open file, closed when it goes.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) { }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) { }
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(number_, other.number_);
        return *this;
    }
    ~Descriptor();

    [[nodiscard]] int get() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_ = -1;
};

/// Opens the file, makes it with mode 0600 if it is not there, and locks it against every other
/// opening by this function, also of this process, until the descriptor is closed. Throws busy.
/// A file that was removed meanwhile is made anew.
[[nodiscard]] Descriptor open_locked(const std::filesystem::path& path, const Subject& subject);

/// All of it from the beginning.
[[nodiscard]] std::string
read_all(const Descriptor& file, const std::filesystem::path& path, Scope scope);
/// Empty if there is none.
[[nodiscard]] std::string read_file(const std::filesystem::path& path, Scope scope);

/// At the end of the file, wherever that is.
void write_all(
    const Descriptor& file, std::string_view bytes, const std::filesystem::path& path, Scope scope);

}  // namespace offlineimap::status
