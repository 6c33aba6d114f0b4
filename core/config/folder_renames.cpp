// SPDX-License-Identifier: Apache-2.0
#include "folder_renames.hpp"

#include "folder_patterns.hpp"
#include "rename_pieces.hpp"

#include "core/text/strings.hpp"

#include <offlineimap/error.hpp>

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <utility>

namespace offlineimap::core {

namespace {

/// Hostile rules could make very many names of one.
constexpr std::size_t most_origins = 100;

/// A replacement of every match. An expression for the whole name matches at most once.
struct Replacement {
    std::unique_ptr<RE2> expression;
    std::string rewrite;

    /// nullopt: nothing fits.
    [[nodiscard]] std::optional<std::string> apply(std::string name) const
    {
        if (!RE2::PartialMatch(name, *expression)) return std::nullopt;
        RE2::GlobalReplace(&name, *expression, rewrite);
        return name;
    }
};

Replacement
replacement(const std::string& expression, const std::string& rewrite, std::string_view place)
{
    Replacement result {compiled_pattern(expression, place), rewrite};
    std::string problem;
    if (!result.expression->CheckRewriteString(rewrite, &problem))
        throw Error(Errc::config, concat(place, ": ", in_quotes(rewrite), ": ", lower(problem)));
    return result;
}

bool is_literal(const RenamePieces& pieces)
{
    return std::ranges::all_of(pieces, [](const auto& piece) { return piece.group == 0; });
}

/// The text that the rest of the name is, where the expression matches only a part of it.
void add_rest(SimplePattern& pattern, RenamePieces& name)
{
    constexpr std::size_t before = 101, after = 102;
    if (!pattern.from_start) {
        pattern.pieces.insert(pattern.pieces.begin(), {before, "\\C*"});
        name.insert(name.begin(), {before, {}});
    }
    if (!pattern.to_end) {
        pattern.pieces.push_back({after, "\\C*"});
        name.push_back({after, {}});
    }
}

std::optional<TurnedRound> turned_round(std::string_view expression, std::string_view rewrite)
{
    auto pattern = simple_pattern(expression);
    if (!pattern) return std::nullopt;
    auto name = rewrite_pieces(rewrite);
    if (pattern->from_start || pattern->to_end) {
        add_rest(*pattern, name);
        return turned_round(pattern->pieces, name);
    }
    // Every match is replaced: only a text can take another's place everywhere.
    if (!is_literal(pattern->pieces) || !is_literal(name) || name.empty()) return std::nullopt;
    return TurnedRound {quoted_pattern(name.front().text), rewrite_of(pattern->pieces)};
}

}  // namespace

class FolderRenames::Rule {
public:
    Rule(const std::string& pattern, const std::string& name, std::string_view place)
        : pattern_(pattern), name_(name)
    {
        std::optional<TurnedRound> back;
        if (const auto expression = regular_expression(pattern)) {
            forward_ = replacement(*expression, name, place);
            back = turned_round(*expression, name);
        } else {
            const auto pieces = glob_pieces(pattern), renamed = glob_name_pieces(name);
            forward_ = replacement(expression_of(pieces), rewrite_of(renamed), place);
            back = turned_round(pieces, renamed);
        }
        if (back) backward_ = replacement(back->expression, back->rewrite, place);
    }

    const std::string& pattern() const { return pattern_; }
    const std::string& name() const { return name_; }
    bool is_one_way() const { return !backward_; }
    bool is_exact() const { return pattern_.find_first_of("*?/") == std::string::npos; }
    std::optional<std::string> forward(const std::string& name) const
    {
        return forward_.apply(name);
    }
    std::optional<std::string> backward(const std::string& name) const
    {
        return backward_ ? backward_->apply(name) : std::nullopt;
    }

private:
    std::string pattern_, name_;
    Replacement forward_;
    std::optional<Replacement> backward_;
};

FolderRenames::FolderRenames(const Mappings& steps, std::string_view place)
{
    for (const auto& step : steps) {
        auto& rules = steps_.emplace_back();
        for (const auto& [pattern, name] : step)
            rules.emplace_back(pattern, name, place);
    }
}

FolderRenames::FolderRenames(FolderRenames&&) noexcept = default;
FolderRenames& FolderRenames::operator=(FolderRenames&&) noexcept = default;
FolderRenames::~FolderRenames() = default;

std::string FolderRenames::apply(const Step& step, std::string name)
{
    for (const auto& rule : step)
        if (auto renamed = rule.forward(name)) return std::move(*renamed);
    return name;
}

std::string FolderRenames::renamed(std::string name) const
{
    for (const auto& step : steps_)
        name = apply(step, std::move(name));
    return name;
}

std::vector<std::string> FolderRenames::origins_in(const Step& step, const std::string& name)
{
    std::vector<std::string> found;
    const auto add = [&](std::string candidate) {
        if (apply(step, candidate) == name && std::ranges::find(found, candidate) == found.end())
            found.push_back(std::move(candidate));
    };
    for (const auto& rule : step)
        if (auto candidate = rule.backward(name)) add(std::move(*candidate));
    add(name);
    return found;
}

std::vector<std::string> FolderRenames::origins(const std::string& name) const
{
    std::vector<std::string> names {name};
    for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        std::vector<std::string> before;
        for (const auto& after : names)
            for (auto& origin : origins_in(*step, after))
                if (before.size() < most_origins) before.push_back(std::move(origin));
        names = std::move(before);
    }
    std::stable_partition(
        names.begin(), names.end(), [](const auto& one) { return lower(one) == "inbox"; });
    return names;
}

std::vector<std::string> FolderRenames::one_way() const
{
    std::vector<std::string> patterns;
    for (const auto& step : steps_)
        for (const auto& rule : step)
            if (rule.is_one_way()) patterns.push_back(rule.pattern());
    return patterns;
}

std::vector<std::string> FolderRenames::ambiguous() const
{
    std::vector<std::string> names;
    for (const auto& step : steps_) {
        std::map<std::string, int> count;
        for (const auto& rule : step)
            if (rule.is_exact() && ++count[rule.name()] == 2) names.push_back(rule.name());
    }
    return names;
}

}  // namespace offlineimap::core
