// SPDX-License-Identifier: Apache-2.0
#include "flag_letters.hpp"

#include "text.hpp"

#include <algorithm>
#include <cstddef>

namespace offlineimap::maildir {
namespace {

struct FlagLetter {
    Flag flag;
    char letter;
};
constexpr std::array<FlagLetter, 6> flag_letters = {
    {{Flag::draft, 'D'},
     {Flag::flagged, 'F'},
     {Flag::forwarded, 'P'},
     {Flag::answered, 'R'},
     {Flag::seen, 'S'},
     {Flag::deleted, 'T'}}};

std::string tidied(std::string letters)
{
    std::sort(letters.begin(), letters.end());
    letters.erase(std::unique(letters.begin(), letters.end()), letters.end());
    return letters;
}

}  // namespace

bool same_keyword(std::string_view a, std::string_view b) noexcept
{
    // RFC 9051 section 2.3.2: keywords do not depend on case.
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return lower(x) == lower(y);
    });
}

FlagLetters::FlagLetters(std::array<std::string, 26> keywords) : keywords_(std::move(keywords))
{
    forwarded_ = letter_of(forwarded_keyword);
    std::copy_if(
        keywords_.begin(), keywords_.end(), std::back_inserter(known_),
        [](const std::string& keyword) {
            return !keyword.empty() && !same_keyword(keyword, forwarded_keyword);
        });
    std::sort(known_.begin(), known_.end());
    known_.erase(std::unique(known_.begin(), known_.end()), known_.end());
}

Set<Flag> FlagLetters::flags(std::string_view letters) const noexcept
{
    Set<Flag> found;
    for (const FlagLetter& entry : flag_letters)
        if (letters.find(entry.letter) != std::string_view::npos) found.add(entry.flag);
    if (forwarded_ != '\0' && letters.find(forwarded_) != std::string_view::npos)
        found.add(Flag::forwarded);
    return found;
}

std::vector<std::string> FlagLetters::keywords(std::string_view letters) const
{
    std::vector<std::string> found;
    if (known_.empty()) return found;
    for (const char letter : letters) {
        if (letter < 'a' || letter > 'z' || letter == forwarded_) continue;
        const std::string& keyword = keywords_[static_cast<std::size_t>(letter - 'a')];
        if (!keyword.empty()) found.push_back(keyword);
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::string FlagLetters::letters(const Message& message) const
{
    std::string letters;
    add_flag_letters(letters, message.flags);
    add_letters(letters, message.keywords);
    return tidied(std::move(letters));
}

std::string FlagLetters::updated(std::string_view letters, const Update& update) const
{
    std::string dropped;
    add_flag_letters(dropped, update.drop - update.add);
    add_letters(dropped, update.drop_keywords);
    std::string kept;
    std::copy_if(letters.begin(), letters.end(), std::back_inserter(kept), [&](char letter) {
        return dropped.find(letter) == std::string::npos;
    });
    add_flag_letters(kept, update.add);
    add_letters(kept, update.add_keywords);
    return tidied(std::move(kept));
}

bool FlagLetters::has_all(std::span<const std::string> keywords) const noexcept
{
    return std::all_of(keywords.begin(), keywords.end(), [this](const std::string& keyword) {
        return letter_of(keyword) != '\0';
    });
}

bool FlagLetters::full() const noexcept
{
    return std::none_of(
        keywords_.begin(), keywords_.end(), [](const std::string& k) { return k.empty(); });
}

std::string FlagLetters::translated(std::string_view letters, const FlagLetters& to) const
{
    std::string out;
    for (const char letter : letters)
        if (letter != forwarded_ && keywords(std::string_view(&letter, 1)).empty())
            out.push_back(letter);
    to.add_letters(out, keywords(letters));
    if (flags(letters).has(Flag::forwarded)) to.add_flag_letters(out, Set<Flag> {Flag::forwarded});
    return tidied(std::move(out));
}

void FlagLetters::add_flag_letters(std::string& letters, Set<Flag> flags) const
{
    for (const FlagLetter& entry : flag_letters)
        if (flags.has(entry.flag)) letters.push_back(entry.letter);
    if (flags.has(Flag::forwarded) && forwarded_ != '\0') letters.push_back(forwarded_);
}

char FlagLetters::letter_of(std::string_view keyword) const noexcept
{
    for (std::size_t i = 0; i < keywords_.size(); ++i)
        if (!keywords_[i].empty() && same_keyword(keywords_[i], keyword))
            return static_cast<char>('a' + i);
    return '\0';
}

void FlagLetters::add_letters(std::string& letters, const std::vector<std::string>& keywords) const
{
    for (const std::string& keyword : keywords)
        if (const char letter = letter_of(keyword)) letters.push_back(letter);
}

Set<Flag> storable_flags() noexcept
{
    Set<Flag> all;
    for (const FlagLetter& entry : flag_letters)
        all.add(entry.flag);
    return all;
}

}  // namespace offlineimap::maildir
