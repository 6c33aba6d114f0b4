// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/plugin.hpp>
#include <offlineimap/status.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::status {

/// The original's flags column: Maildir letters in the order of their code points, upper case for
/// what every backend knows, lower case for the keywords that the user gave a letter
/// (customflag_a to customflag_z). Immutable after construction.
class Letters {
public:
    using Names = std::array<std::string, 26>;

    Letters() = default;
    explicit Letters(const Settings& settings);
    explicit Letters(Names names);

    /// Sets the flags of `record` and adds the keywords that have a letter, in no order. A letter
    /// that means nothing here is passed over.
    void read(std::string_view column, Record& record) const;

    [[nodiscard]] std::string write(const Record& record) const;

    /// The keywords of the record that no letter stands for.
    [[nodiscard]] std::vector<std::string> without_letter(const Record& record) const;

private:
    void find_forwarded();
    [[nodiscard]] char letter(std::string_view keyword) const noexcept;

    Names names_;
    bool any_ = false;
    char forwarded_ = 'P';
};

}  // namespace offlineimap::status
