// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <offlineimap/script.hpp>

#include <functional>
#include <map>
#include <string>

/// A script whose only expressions are names of C++ functions.
class FakeScript final : public offlineimap::Script {
public:
    using Function = std::function<offlineimap::Value(const std::string& argument)>;
    std::map<std::string, Function, std::less<>> functions;

    std::unique_ptr<offlineimap::Expression>
    compile(std::string_view source, std::string_view where) override
    {
        const auto found = functions.find(source);
        if (found == functions.end())
            throw offlineimap::Error(
                offlineimap::Errc::config, std::string(where) + ": syntax error");
        return std::make_unique<Call>(found->second);
    }

private:
    class Call final : public offlineimap::Expression {
    public:
        explicit Call(Function function) : function_(std::move(function)) { }
        offlineimap::Value evaluate(std::span<const offlineimap::Value> arguments) override
        {
            return function_(arguments.empty() ? "" : std::get<std::string>(arguments.front()));
        }

    private:
        Function function_;
    };
};
