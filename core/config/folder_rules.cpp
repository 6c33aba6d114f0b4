// SPDX-License-Identifier: Apache-2.0
#include "folder_rules.hpp"

#include "expressions.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
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
    return value.list ? *value.list : std::vector<std::string> {value.text};
}

bool contains(const std::vector<std::string>& names, const std::string& name)
{
    return std::ranges::find(names, name) != names.end();
}

}  // namespace

FolderRules::FolderRules(const Config& config, const Section& repository, Side side, Script* script)
{
    read_nametrans(repository, config.syntax, script);
    if (side == Side::remote && config.only_folders)
        only_ = config.only_folders;
    else
        read_filter(repository, config.syntax, script);
}

void FolderRules::read_nametrans(const Section& repository, Syntax syntax, Script* script)
{
    const auto* value = repository.find("nametrans");
    if (value == nullptr) return;
    nametrans_place_ = place(repository, "nametrans", value->where);
    if (syntax == Syntax::rc)
        nametrans_ = compile({repository, "nametrans", *value}, script);
    else
        renames_.emplace(items_of(*value), nametrans_place_);
}

void FolderRules::read_filter(const Section& repository, Syntax syntax, Script* script)
{
    if (const auto* value = repository.find("folderfilter")) {
        const Place at {repository, "folderfilter", *value};
        if (syntax == Syntax::rc)
            filter_ = compile(at, script);
        else
            patterns_.emplace(items_of(*value), place(repository, at.option, value->where));
    }
    if (const auto* value = repository.find("folderincludes")) {
        const Place at {repository, "folderincludes", *value};
        includes_ = syntax == Syntax::rc ? list_of(evaluate(at, script), at) : items_of(*value);
    }
}

bool FolderRules::accepts(const std::string& name) const
{
    if (only_) return contains(*only_, name);
    if (contains(includes_, name)) return true;
    if (filter_) return is_true(call(*filter_, name));
    return !patterns_ || patterns_->matches(name);
}

std::string FolderRules::translate(const std::string& name) const
{
    if (renames_) return renames_->renamed(name);
    if (!nametrans_) return name;
    auto result = call(*nametrans_, name);
    if (auto* text = std::get_if<std::string>(&result)) return std::move(*text);
    throw Error(Errc::config, concat(nametrans_place_, ": yields no text for ", in_quotes(name)));
}

}  // namespace offlineimap::core
