// SPDX-License-Identifier: Apache-2.0
#include "folder_order.hpp"

#include "expressions.hpp"

#include "core/text/strings.hpp"

namespace offlineimap::core {

FolderOrder::FolderOrder(const Section& repository, Syntax syntax, Script* script)
{
    constexpr auto option = "foldersort";
    const Value* value = repository.find(option);
    if (value == nullptr) return;
    const std::string where = place(repository, option, value->where);
    if (!is_expression(syntax, SectionKind::repository, option, *value))
        throw Error(Errc::config, concat(where, ": in YAML it is a function behind !python"));
    comparison_ = compile({repository, option, *value}, script);
    ordering_ = static_cast<Ordering*>(comparison_->facet(Ordering::facet_name));
    if (ordering_ == nullptr)
        throw Error(Errc::config, concat(where, ": expected a function that compares two names"));
}

std::vector<std::size_t> FolderOrder::order(const std::vector<std::string>& names) const
{
    return ordering_->by_comparison(names);
}

}  // namespace offlineimap::core
