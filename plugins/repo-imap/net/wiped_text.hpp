// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <openssl/crypto.h>
#include <string>
#include <utility>

namespace offlineimap::imap {

/// A secret that does not stay in memory behind its use.
class WipedText {
public:
    explicit WipedText(std::string text) : text_(std::move(text)) { }
    WipedText(const WipedText&) = delete;
    WipedText& operator=(const WipedText&) = delete;
    ~WipedText() { OPENSSL_cleanse(text_.data(), text_.size()); }

    [[nodiscard]] const std::string& value() const noexcept { return text_; }

private:
    std::string text_;
};

}  // namespace offlineimap::imap
