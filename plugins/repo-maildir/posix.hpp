// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/error.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace offlineimap::maildir {

/// An open file or directory, closed when it goes.
class Descriptor {
public:
    Descriptor() = default;
    explicit Descriptor(int number) noexcept : number_(number) { }
    Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) { }
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        if (this != &other) {
            close();
            number_ = std::exchange(other.number_, -1);
        }
        return *this;
    }
    ~Descriptor() { close(); }

    int get() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }
    int release() noexcept { return std::exchange(number_, -1); }
    /// Closes now. Returns 0 or the error number: a file on a network may fail only here.
    int close() noexcept;

private:
    int number_ = -1;
};

/// What a failed system call means: `tried` says what was tried on what. Scope is the caller's, but
/// for what concerns more than one message whatever it was met with: a full disk stops the folder
/// (its other messages would not fit either, other folders, removals and flags go on), a lack of
/// descriptors or memory the session. Both are worth another try later.
[[nodiscard]] Error system_error(int number, Scope scope, std::string_view tried);

/// Opens a directory below `at`, or throws system_error with Scope::folder. `path` is for messages.
[[nodiscard]] Descriptor open_directory(int at, const char* name, std::string_view path);

/// Renames without ever replacing a file that is there. Returns 0 or the error number.
[[nodiscard]] int
rename_file(int from, const std::string& name, int to, const std::string& new_name) noexcept;

/// Writes all of it. Returns 0 or the error number.
[[nodiscard]] int write_all(int file, std::string_view bytes) noexcept;

/// Whether the directory is on one of the common local file systems of Unix: they take their time
/// from this kernel, and any name. False also where that is not known.
[[nodiscard]] bool is_of_unix(int directory) noexcept;

}  // namespace offlineimap::maildir
