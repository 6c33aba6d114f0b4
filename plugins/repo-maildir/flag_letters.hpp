// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/repository.hpp>

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace offlineimap::maildir {

/// What the letters in a file's info part mean: F R S T D P, and a to z as the user named them
/// (customflag_a…). A letter that is nobody's is kept on renames and not reported. The keyword
/// $Forwarded, where a letter stands for it, is the same flag as P: Dovecot knows no P.
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

    const std::array<std::string, 26>& by_letter() const noexcept { return keywords_; }
    bool has_all(std::span<const std::string> keywords) const noexcept;
    /// No letter is free.
    bool full() const noexcept;
    /// The letters that mean the same elsewhere; a keyword that has none there is left out.
    std::string translated(std::string_view letters, const FlagLetters& to) const;

    /// For a new file. A keyword without a letter is left out.
    std::string letters(const Message& message) const;
    /// The letters after the update, sorted, each once.
    std::string updated(std::string_view letters, const Update& update) const;

private:
    void add_flag_letters(std::string& letters, Set<Flag> flags) const;
    /// '\0' = no letter stands for it.
    char letter_of(std::string_view keyword) const noexcept;
    void add_letters(std::string& letters, const std::vector<std::string>& keywords) const;

    std::array<std::string, 26> keywords_;
    std::vector<std::string> known_;
    char forwarded_ = '\0';  ///< the letter of $Forwarded
};

inline constexpr std::string_view forwarded_keyword = "$Forwarded";

/// Keywords do not depend on case (RFC 9051 section 2.3.2).
[[nodiscard]] bool same_keyword(std::string_view a, std::string_view b) noexcept;

/// Every flag has a letter.
[[nodiscard]] Set<Flag> storable_flags() noexcept;

}  // namespace offlineimap::maildir
