// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "net/stream.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>

namespace offlineimap::imap::test {

/// A Dovecot with one user's mail in a temporary folder that goes away with the object. There is no
/// daemon: each connection has its own server process, signed in already.
class Dovecot {
public:
    /// `hidden`: extensions that it must not announce, with blanks between.
    explicit Dovecot(const std::string& hidden = {});
    ~Dovecot();
    Dovecot(const Dovecot&) = delete;
    Dovecot& operator=(const Dovecot&) = delete;

    [[nodiscard]] std::unique_ptr<Stream> connect() const;
    [[nodiscard]] const std::filesystem::path& mail() const noexcept { return mail_; }
    /// Of the program that connect() runs.
    [[nodiscard]] std::string command() const;

private:
    std::filesystem::path root_, mail_;
};

/// How often a client spoke after it had heard all that the server had to say.
struct Turns {
    std::atomic<unsigned> count = 0;  // a watch and work beside it count at once
};
[[nodiscard]] std::unique_ptr<Stream> count_turns(std::unique_ptr<Stream> inner, Turns& turns);

}  // namespace offlineimap::imap::test
