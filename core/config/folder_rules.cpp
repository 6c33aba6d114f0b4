// SPDX-License-Identifier: Apache-2.0
#include "folder_rules.hpp"

#include "expressions.hpp"
#include "values.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <string_view>
#include <utility>

namespace offlineimap::core {

namespace {

offlineimap::Value call(Expression& function, const std::string& name)
{
    const offlineimap::Value argument = name;
    return function.evaluate({&argument, 1});
}

std::vector<std::string> items_of(const Value& value)
{
    return value.list ? *value.list : split_list(value.text);
}

std::optional<FolderPatterns> patterns(const Section& repository, std::string_view option)
{
    const auto* value = repository.find(option);
    if (value == nullptr) return std::nullopt;
    return FolderPatterns(items_of(*value), place(repository, option, value->where));
}

/// An expression and rules would say two things.
void refuse_both(const Section& repository, std::string_view expression, std::string_view rules)
{
    const auto* value = repository.find(rules);
    if (value == nullptr || repository.find(expression) == nullptr) return;
    throw Error(
        Errc::config,
        concat(
            place(repository, rules, value->where), ": the section has a ", expression,
            ", too; one of the two can be used"));
}

/// The YAML of somebody who takes `folderfilter` for a list.
void refuse_list(const Place& at, std::string_view rules)
{
    if (!at.value.list) return;
    throw Error(
        Errc::config,
        concat(
            place(at.section, at.option, at.value.where),
            ": is a Python expression, found a list; names and patterns go into ", rules));
}

bool contains(const std::vector<std::string>& names, const std::string& name)
{
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

struct FolderRules::Answers {
    std::mutex mutex;
    std::map<std::string, bool, std::less<>> accepted;
    std::map<std::string, std::string, std::less<>> translated;
};

FolderRules::FolderRules() : answers_(std::make_unique<Answers>()) { }
FolderRules::FolderRules(FolderRules&&) noexcept = default;
FolderRules& FolderRules::operator=(FolderRules&&) noexcept = default;
FolderRules::~FolderRules() = default;

FolderRules::FolderRules(const Config& config, const Section& repository, Side side, Script* script)
    : FolderRules()
{
    read_nametrans(repository, script);
    if (side == Side::remote) only_ = config.only_folders;
    try {
        read_filter(repository, script);
        read_includes(config, repository, script);
    } catch (const Error&) {
        if (!only_) throw;
        knows_only_ = true;
    }
}

void FolderRules::read_nametrans(const Section& repository, Script* script)
{
    refuse_both(repository, "nametrans", "folders.rename");
    if (const auto* value = repository.find("nametrans")) {
        const Place at {repository, "nametrans", *value};
        refuse_list(at, "folders: {rename: ...}");
        nametrans_place_ = place(repository, at.option, value->where);
        nametrans_ = compile(at, script);
    } else if (const auto* steps = repository.find("folders.rename")) {
        nametrans_place_ = place(repository, "folders.rename", steps->where);
        if (!steps->mappings)
            throw Error(
                Errc::config, concat(nametrans_place_, ": expected \"name: new name\" lines"));
        renames_.emplace(*steps->mappings, nametrans_place_);
    }
}

void FolderRules::read_filter(const Section& repository, Script* script)
{
    for (const auto* rules : {"folders.include", "folders.exclude"})
        refuse_both(repository, "folderfilter", rules);
    if (const auto* value = repository.find("folderfilter")) {
        const Place at {repository, "folderfilter", *value};
        refuse_list(at, "folders: {include: ..., exclude: ...}");
        filter_ = compile(at, script);
    }
    include_ = patterns(repository, "folders.include");
    exclude_ = patterns(repository, "folders.exclude");
    const auto* dynamic = repository.find("dynamic_folderfilter");
    asks_anew_ = dynamic != nullptr && parse_flag(dynamic->text).value_or(false);
}

void FolderRules::read_includes(const Config& config, const Section& repository, Script* script)
{
    const auto* value = repository.find("folderincludes");
    if (value == nullptr) return;
    const Place at {repository, "folderincludes", *value};
    const bool python = is_expression(config.syntax, SectionKind::repository, at.option, *value);
    includes_ = python ? list_of(evaluate(at, script), at) : items_of(*value);
}

bool FolderRules::accepts(const std::string& name) const
{
    if (only_) return contains(*only_, name);
    if (contains(includes_, name)) return true;
    return passes_filter(name);
}

bool FolderRules::belongs(const std::string& name) const
{
    if (!only_) return accepts(name);
    if (contains(*only_, name) || knows_only_) return contains(*only_, name);
    if (contains(includes_, name)) return true;
    try {
        return passes_filter(name);
    } catch (const Error&) {
        return false;
    }
}

bool FolderRules::passes_filter(const std::string& name) const
{
    if (!filter_)
        return (!include_ || include_->matches(name)) && (!exclude_ || !exclude_->matches(name));
    if (asks_anew_) return is_true(call(*filter_, name));
    const std::lock_guard lock(answers_->mutex);
    const auto known = answers_->accepted.find(name);
    if (known != answers_->accepted.end()) return known->second;
    return answers_->accepted[name] = is_true(call(*filter_, name));
}

std::string FolderRules::translate(const std::string& name) const
{
    if (renames_) return renames_->renamed(name);
    if (!nametrans_) return name;
    const std::lock_guard lock(answers_->mutex);
    const auto known = answers_->translated.find(name);
    if (known != answers_->translated.end()) return known->second;
    auto result = call(*nametrans_, name);
    if (auto* text = std::get_if<std::string>(&result))
        return answers_->translated[name] = std::move(*text);
    throw Error(Errc::config, concat(nametrans_place_, ": yields no text for ", in_quotes(name)));
}

std::vector<std::string>
FolderRules::origins(const std::string& name, const std::string& as_there) const
{
    auto all = renames_->origins(name);
    if (as_there == name) return all;
    auto more = renames_->origins(as_there);
    std::erase(more, as_there);
    // What no rule touches comes last.
    const auto untouched = std::ranges::find(all, name);
    const bool is_inbox = lower(name) == "inbox";
    all.insert(is_inbox ? all.end() : untouched, more.begin(), more.end());
    return all;
}

std::optional<std::string>
FolderRules::origin(const std::string& name, const std::string& as_there) const
{
    const auto origins = this->origins(name, as_there);
    const auto first = std::ranges::find_if(origins, [&](const auto& o) { return belongs(o); });
    if (first != origins.end()) return *first;
    if (!origins.empty()) return std::nullopt;
    const auto one_way = renames_->one_way();
    throw Error(
        Errc::config,
        concat(
            nametrans_place_, ": no name of this repository becomes ", in_quotes(name),
            one_way.empty() ? ""
                            : concat(
                                "; what ", in_quotes(one_way.front()),
                                " makes of a name does not say what that was"),
            "; rename or exclude the folder, give the other repository its own folders.rename, or "
            "set createfolders: no here"));
}

void FolderRules::forget_answers() const
{
    const std::lock_guard lock(answers_->mutex);
    answers_->accepted.clear();
    answers_->translated.clear();
}

}  // namespace offlineimap::core
