// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/types.hpp>

#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>

namespace offlineimap::imap {

/// A text that cannot be passed on yet, because the server sent it before saying whose it is: kept
/// in a file without a name, so that memory does not grow with it.
class TextSpool {
public:
    /// Throws io.
    TextSpool();
    void write(Bytes bytes);
    [[nodiscard]] std::uint64_t size() const noexcept { return size_; }
    /// Hands everything to `take`, piece by piece.
    void replay(const std::function<void(Bytes)>& take);

private:
    struct Close {
        void operator()(std::FILE* file) const noexcept { (void)std::fclose(file); }
    };
    std::unique_ptr<std::FILE, Close> file_;
    std::uint64_t size_ = 0;
};

}  // namespace offlineimap::imap
