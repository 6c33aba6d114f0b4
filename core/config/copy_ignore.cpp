// SPDX-License-Identifier: Apache-2.0
#include "copy_ignore.hpp"

#include "expressions.hpp"

#include "core/text/strings.hpp"

#include <array>
#include <memory>

namespace offlineimap::core {

CopyIgnore copy_ignore(const Section& repository, Syntax syntax, Script* script)
{
    constexpr auto option = "copy_ignore_eval";
    const Value* value = repository.find(option);
    if (value == nullptr) return {};
    if (!is_expression(syntax, SectionKind::repository, option, *value))
        throw Error(
            Errc::config,
            concat(
                place(repository, option, value->where),
                ": expected a Python function, behind the tag !python"));
    const Place at {repository, option, *value};
    return
        [at, call = std::shared_ptr<Expression>(compile(at, script))](const std::string& folder) {
            const std::array<offlineimap::Value, 1> arguments {folder};
            return list_of(call->evaluate(arguments), at);
        };
}

}  // namespace offlineimap::core
