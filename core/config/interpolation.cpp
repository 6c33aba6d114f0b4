// SPDX-License-Identifier: Apache-2.0
#include "interpolation.hpp"

#include "core/text/strings.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

namespace offlineimap::core {

namespace {

// A reference may lead to a value with references, so deep and no deeper.
constexpr int max_depth = 10;

/// Expands one value.
class Interpolation {
public:
    Interpolation(const Section& own, const Section& defaults) : own_(own), defaults_(defaults) { }

    Value value_of(const Value& raw) &&
    {
        Value value {.text = {}, .where = raw.where};
        value.problem = expand(raw.text, 1);
        if (value.problem.empty()) value.text = std::move(result_);
        return value;
    }

private:
    const std::string* find(std::string_view option) const
    {
        for (const Section* section : {&own_, &defaults_}) {
            const auto found = std::ranges::find(section->options, option, &Entry::name);
            if (found != section->options.end()) return &found->value.text;
        }
        return nullptr;
    }

    /// Appends to the result; answers what is wrong with the text, or nothing.
    std::string expand(std::string_view text, int depth)
    {
        if (depth > max_depth) return "its %(references)s lead in a circle or too far";
        for (;;) {
            const auto percent = text.find('%');
            result_ += text.substr(0, percent);
            if (percent == std::string_view::npos) return {};
            text.remove_prefix(percent);
            if (text.starts_with("%%")) {
                result_ += '%';
                text.remove_prefix(2);
                continue;
            }
            const auto end = text.find(')');
            const bool well_formed = text.starts_with("%(") && end != std::string_view::npos
                && end > 2 && text.substr(end + 1).starts_with('s');
            if (!well_formed) return "a \"%\" that is to stay must be written \"%%\"";
            auto problem = expand_reference(lower(text.substr(2, end - 2)), depth);
            if (!problem.empty()) return problem;
            text.remove_prefix(end + 2);
        }
    }

    std::string expand_reference(std::string_view name, int depth)
    {
        const auto* referred = find(name);
        if (referred == nullptr) return concat("%(", name, ")s is not set");
        if (referred->find('%') != std::string::npos) return expand(*referred, depth + 1);
        result_ += *referred;  // as in the original, the end of a chain is no further step
        return {};
    }

    const Section& own_;
    const Section& defaults_;
    std::string result_;
};

}  // namespace

Section interpolated(const Section& section, const Section& defaults)
{
    Section result {.title = section.title, .name = section.name, .where = section.where};
    for (const Section* source : {&section, &defaults}) {
        for (const auto& [name, raw] : source->options) {
            if (result.has(name)) continue;
            // The original reads this one as it stands: a format with %(names)s of its own.
            const bool verbatim = section.name == "mbnames" && name == "peritem";
            auto value = verbatim ? raw : Interpolation(section, defaults).value_of(raw);
            value.inherited = source == &defaults;
            result.set(name, std::move(value));
        }
    }
    return result;
}

}  // namespace offlineimap::core
