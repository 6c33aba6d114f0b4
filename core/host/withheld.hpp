// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::core {

/// The secrets of this run, and the last door before anybody is shown a text: what a server repeats
/// in its answer, or a trace would show, is taken out here. Thread-safe.
class Withheld {
public:
    /// Also in the encodings in which it goes over a wire. A secret of one or two characters is
    /// passed over: it would make every text unreadable and is none.
    void add(std::string_view secret);
    /// `text` fit for a terminal, with every secret replaced by "(withheld)".
    [[nodiscard]] std::string clean(std::string_view text) const;

private:
    void add_form(std::string form);
    void hide_encoded(std::string& text) const;

    mutable std::mutex mutex_;
    std::vector<std::string> secrets_;
    std::vector<std::string> forms_;  ///< the longest first: one may contain another
};

}  // namespace offlineimap::core
