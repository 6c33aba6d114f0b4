// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <offlineimap/error.hpp>
#include <stdexcept>
#include <string>
#include <utility>

namespace offlineimap::testkit {

/// A promise that a plugin did not keep. The text says which.
class Broken final : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

inline void require(bool holds, const std::string& promise)
{
    if (!holds) throw Broken(promise);
}

[[nodiscard]] std::string to_text(Errc code);

/// Broken unless `action` throws an Error with this code.
template <class Action> void require_error(Errc code, const std::string& what, Action action)
{
    try {
        std::forward<Action>(action)();
    } catch (const Error& error) {
        if (error.code() == code) return;
        throw Broken(what + " must throw " + to_text(code) + ", it threw: " + error.what());
    }
    throw Broken(what + " must throw " + to_text(code) + ", it threw nothing");
}

/// A directory of its own, mode 0700, removed at the end.
class TemporaryDirectory {
public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(const TemporaryDirectory&) = delete;
    TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace offlineimap::testkit
