// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::maildir {

/// What the letters in a file's info part mean: F R S T D P, and a to z as the user named them
/// (customflag_a…). A letter that is nobody's is kept on renames and not reported.
class FlagLetters {
public:
    FlagLetters() = default;
    /// Keywords for a to z; empty = that letter is nobody's.
    explicit FlagLetters(std::array<std::string, 26> keywords);

    Set<Flag> flags(std::string_view letters) const noexcept;
    /// Sorted.
    std::vector<std::string> keywords(std::string_view letters) const;
    /// Those that can be stored, sorted.
    const std::vector<std::string>& known_keywords() const noexcept { return known_; }

    /// For a new file. A keyword without a letter is left out.
    std::string letters(const Message& message) const;
    /// The letters after the update, sorted, each once.
    std::string updated(std::string_view letters, const Update& update) const;

private:
    /// '\0' = no letter stands for it.
    char letter_of(std::string_view keyword) const noexcept;
    void add_letters(std::string& letters, const std::vector<std::string>& keywords) const;

    std::array<std::string, 26> keywords_;
    std::vector<std::string> known_;
};

/// Every flag has a letter.
[[nodiscard]] Set<Flag> storable_flags() noexcept;

}  // namespace offlineimap::maildir
